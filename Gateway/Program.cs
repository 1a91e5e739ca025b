using Gateway.Commands;
using Gateway.Delivery;
using Gateway.Delivery.Sockets;
using Gateway.Hubs;
using Gateway.WebSockets;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.UseDirectSockets()));

builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton<SessionCommands>();
builder.Services.AddWorkflowHub();
builder.Services.AddDelivery();
builder.Services.AddRawWebSockets();

var app = builder.Build();
app.UseDirectWebSockets();
app.UseWebSockets();
app.UseOriginPolicy();
app.MapWorkflowHub();
app.MapRawWebSocket();
app.Run();
