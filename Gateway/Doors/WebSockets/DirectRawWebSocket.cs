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

        // What the client sent before it left is still done. A command that hangs by then holds nothing for it any longer.
        using var left = new CancellationTokenSource();
        await using var leaving = connection.ConnectionClosed.UnsafeRegister(_ => left.CancelAfter(options.Value.CloseTimeout), null);
        await connections.RunAsync(webSocket, upgrade.Sender, request, broadcast, left.Token);
    }
}
