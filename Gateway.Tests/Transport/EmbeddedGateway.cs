using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Gateway.Tests.Transport;

/// <summary>The gateway in a host of somebody else, on a real socket.</summary>
internal sealed class EmbeddedGateway : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EmbeddedGateway(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>All its endpoints that have a route.</summary>
    public IEnumerable<RouteEndpoint> Endpoints => _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    /// <summary>Starts it.</summary>
    /// <param name="door">The setting of the direct door; null: it is not set.</param>
    /// <param name="services">What the host adds to the services.</param>
    /// <param name="pipeline">What the host puts in before the gateway.</param>
    /// <param name="conventions">What the host asks of the gateway's endpoints.</param>
    public static async Task<EmbeddedGateway> StartAsync(bool? door, Action<WebApplicationBuilder>? services = null, Action<WebApplication>? pipeline = null, Action<IEndpointConventionBuilder>? conventions = null)
    {
        var root = Path.Combine(Repository.Root, "Gateway");
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            WebRootPath = Path.Combine(root, "wwwroot"),
            Args = ["--urls=http://127.0.0.1:0", "--Gateway:Storage:Provider=memory", .. door is { } open ? [$"--Gateway:Transport:DirectDoor={open}"] : Array.Empty<string>()],
        }).AddGateway();
        builder.Logging.ClearProviders();
        services?.Invoke(builder);
        var app = builder.Build();
        pipeline?.Invoke(app);
        var endpoints = app.MapGateway();
        conventions?.Invoke(endpoints);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new EmbeddedGateway(app);
    }

    /// <summary>The head of the answer to the head of a request.</summary>
    public async Task<string> AskAsync(string head)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await Wait.For(socket.ConnectAsync(IPAddress.Loopback, Address.Port), "a TCP connection");
        await using var peer = new Peer(socket);
        await peer.SendBytesAsync(Encoding.ASCII.GetBytes(head));
        return await peer.ReadHeadAsync();
    }

    /// <summary>The head of the answer to a plain upgrade.</summary>
    public Task<string> UpgradeAsync(string path, string headers = "") => AskAsync(Heads.Upgrade(path, headers));

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
