using Gateway.Admission;
using Gateway.Contracts;
using Gateway.Delivery;
using Gateway.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Options;

namespace Gateway.Doors.WebSockets;

/// <summary>Serves <c>/ws</c> on connections that were opened below HTTP.</summary>
internal sealed class DirectRawWebSocket(WebSocketConnections connections, IOptions<GatewayWebSocketOptions> options) : IDirectEndpoint
{
    /// <inheritdoc/>
    public string Path => GatewayPath.WebSocket;

    /// <inheritdoc/>
    public IReadOnlyList<string> Parameters => ConnectionRequest.Parameters;

    /// <inheritdoc/>
    public async Task ServeAsync(ConnectionContext connection, DirectUpgrade upgrade)
    {
        var request = ConnectionRequest.Parse(upgrade.Query);
        using var broadcast = request.IsBroadcast ? connections.JoinBroadcast() : null;
        using var webSocket = upgrade.Accept();
        if (webSocket is null) return;
        await using var stop = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested
            .UnsafeRegister(static s => ((FrameSender)s!).Abort(), upgrade.Sender) ?? default;

        using var end = new ConnectionEnd(options.Value.CloseTimeout);
        await using var leaving = connection.ConnectionClosed.UnsafeRegister(static s => ((ConnectionEnd)s!).ClientLeft(), end);
        await connections.RunAsync(Caller.Anonymous, webSocket, upgrade.Sender, request, broadcast, end);
    }
}
