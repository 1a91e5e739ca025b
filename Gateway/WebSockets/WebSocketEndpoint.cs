using Gateway.Delivery;
using Gateway.Delivery.Outputs;
using Gateway.Delivery.Sockets;
using Gateway.WebSockets.Direct;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.WebSockets;

/// <summary>Maps the raw WebSocket door.</summary>
public static class WebSocketEndpoint
{
    /// <summary>The door's path.</summary>
    public const string Path = "/ws";

    /// <summary>Adds what the door needs.</summary>
    public static IServiceCollection AddRawWebSockets(this IServiceCollection services)
    {
        services.AddOptions<GatewayWebSocketOptions>().BindConfiguration(GatewayWebSocketOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Replies>();
        services.AddSingleton<WebSocketConnections>();
        services.AddSingleton<PendingHeads>();
        services.AddHostedService(s => s.GetRequiredService<PendingHeads>());
        services.AddSingleton<DirectHub>();
        services.AddSingleton<DirectWebSocketDoor>();
        return services;
    }

    /// <summary>Opens <c>/ws</c> and <c>/hub</c> connections before HTTP does, on endpoints that speak HTTP/1.1 without TLS.</summary>
    public static void UseDirectWebSocketDoor(this ListenOptions options)
    {
        var door = options.ApplicationServices.GetService<DirectWebSocketDoor>() ?? throw Missing(nameof(UseDirectWebSocketDoor));
        options.Use(next =>
        {
            // Asked when the endpoint is whole: its TLS comes after its defaults, and what is served here would go round it.
            var isPlain = options.ToString()?.StartsWith("http://", StringComparison.Ordinal) == true && options.Protocols.HasFlag(HttpProtocols.Http1);
            return isPlain ? connection => door.OnConnectionAsync(connection, next) : next;
        });
    }

    /// <summary>Maps <c>/ws</c>.</summary>
    public static IEndpointConventionBuilder MapRawWebSocket(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var connections = services.GetService<WebSocketConnections>() ?? throw Missing(nameof(MapRawWebSocket));
        var feeds = services.GetRequiredService<SessionFeeds>();

        // CONNECT is how browsers open a WebSocket on an HTTP/2 connection (RFC 8441).
        return endpoints.MapMethods(Path, [HttpMethods.Get, HttpMethods.Connect], async context =>
        {
            if (!context.WebSockets.IsWebSocketRequest)
            {
                context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
                context.Response.Headers.Upgrade = "websocket";
                await context.Response.WriteAsync("This is a WebSocket address: connect with ws:// or wss://.");
                return;
            }

            var request = ConnectionRequest.Parse(context.Request.Query);
            using var broadcast = request.IsBroadcast ? feeds.BeginBroadcast() : null;
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var sender = context.Features.Get<DirectWebSocketFeature>()?.Sender
                ?? feeds.CreateSender(new WebSocketOutput(socket), feeds.Wires.Raw, context.Abort);
            await connections.RunAsync(socket, sender, request, broadcast, context.RequestAborted);
        }).ExcludeFromDescription();
    }

    private static InvalidOperationException Missing(string caller) => new($"{caller} needs AddRawWebSockets() on the services.");
}
