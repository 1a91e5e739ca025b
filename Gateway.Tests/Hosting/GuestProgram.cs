using System.Security.Claims;
using System.Text.Encodings.Web;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace Gateway.Tests.Hosting;

/// <summary>A program with addresses, a hub, an API description, a CORS policy and a login of its own, and the gateway below a path of it.</summary>
public sealed class GuestProgram : IAsyncLifetime
{
    public const string Prefix = "/agents";

    private readonly TestLog _log = new();
    private WebApplication? _app;

    public Uri Address => new(_app!.Urls.Single());

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            Args = ["--urls=http://127.0.0.1:0", "--Gateway:Storage:Provider=memory", "--Gateway:Models:scripted:Provider=scripted", "--Gateway:Models:scripted:TokensPerSecond=0"],
        });
        builder.Logging.ClearProviders().AddProvider(_log);

        // Its own first, and some of it after the gateway: the order is no trap.
        builder.Services.AddSignalR();
        builder.Services.AddOpenApi();
        builder.AddGateway();
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.WithOrigins("https://friend.example")));
        builder.Services.AddAuthentication("Key").AddScheme<AuthenticationSchemeOptions, KeyHandler>("Key", null);
        builder.Services.AddAuthorization();

        _app = builder.Build();
        _app.UseCors();
        _app.MapOpenApi();
        _app.MapGet("/api/orders", () => new Order("tea", 2, null));
        _app.MapPost("/api/orders", (Order order) => order);
        _app.MapHub<Bell>("/bell");
        _app.MapGateway(Prefix).RequireAuthorization();
        await _app.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        _log.Check();
    }

    public sealed record Order(string ItemName, int HowMany, string? Remark);

    public sealed class Bell : Hub
    {
        public Order Ring(Order order) => order with { HowMany = order.HowMany + 1 };
    }

    private sealed class KeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Request.Headers["X-Key"] == "secret"
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "me")], Scheme.Name)), Scheme.Name))
            : AuthenticateResult.NoResult());
    }
}
