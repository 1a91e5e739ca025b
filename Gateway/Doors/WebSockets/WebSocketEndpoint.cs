using Gateway.Admission;
using Gateway.Contracts;
using Gateway.Delivery;
using Gateway.Transport;

namespace Gateway.Doors.WebSockets;

/// <summary>Maps the raw WebSocket door.</summary>
internal static class WebSocketEndpoint
{
    // For clients that insist on a subprotocol. What else they may offer is not what is spoken here.
    private const string Subprotocol = "gateway.v1";

    /// <summary>Maps <c>/ws</c>.</summary>
    public static IEndpointConventionBuilder MapRawWebSocket(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var connections = services.GetService<WebSocketConnections>() ?? throw new InvalidOperationException($"{nameof(MapRawWebSocket)} needs {nameof(WebSocketServices.AddRawWebSockets)}() on the services.");

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

            var request = ConnectionRequest.Parse(context.Request.QueryString.Value);
            using var broadcast = request.IsBroadcast ? connections.JoinBroadcast() : null;
            using var socket = await context.WebSockets.AcceptWebSocketAsync(context.WebSockets.WebSocketRequestedProtocols.Contains(Subprotocol) ? Subprotocol : null);
            var sender = context.Features.Get<DirectWebSocketFeature>()?.Sender
                ?? feeds.CreateSender(new WebSocketOutput(socket), context.Abort);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
            await connections.RunAsync(Caller.Of(context.User), socket, sender, request, broadcast, end);
        }).ExcludeFromDescription().CanOpenDirectly(GatewayPath.WebSocket);
    }
}
