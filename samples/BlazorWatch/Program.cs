using BlazorWatch;
using Gateway.Client;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddRazorComponents().AddInteractiveServerComponents();

// One client, and one connection, for all visitors.
builder.Services.AddGatewayClient(client => client.Address = builder.Configuration["Gateway"] ?? "http://localhost:8080");

var app = builder.Build();
app.UseAntiforgery();
app.MapStaticAssets();
app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
app.Run();
