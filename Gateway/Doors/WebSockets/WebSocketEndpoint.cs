using Gateway.Contracts;
using Gateway.Delivery;
using Gateway.Transport;

namespace Gateway.Doors.WebSockets;

/// <summary>Maps the raw WebSocket door.</summary>
public static class WebSocketEndpoint
{
    /// <summary>Adds what the door needs.</summary>
    public static IServiceCollection AddRawWebSockets(this IServiceCollection services)
    {
        services.AddSingleton<RawWire>();
        services.AddSingleton<Replies>();
        services.AddSingleton<WebSocketConnections>();
        services.AddSingleton<IDirectEndpoint, DirectRawWebSocket>();
        return services;
    }

    /// <summary>Maps <c>/ws</c>.</summary>
    public static IEndpointConventionBuilder MapRawWebSocket(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var connections = services.GetService<WebSocketConnections>() ?? throw Missing(nameof(MapRawWebSocket));
        var feeds = services.GetRequiredService<SessionFeeds>();

        // CONNECT is how browsers open a WebSocket on an HTTP/2 connection (RFC 8441).
        return endpoints.MapMethods(GatewayPath.WebSocket, [HttpMethods.Get, HttpMethods.Connect], async context =>
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
                ?? feeds.CreateSender(new WebSocketOutput(socket), context.Abort);
            await connections.RunAsync(socket, sender, request, broadcast, context.RequestAborted);
        }).ExcludeFromDescription();
    }

    private static InvalidOperationException Missing(string caller) => new($"{caller} needs AddRawWebSockets() on the services.");
}
