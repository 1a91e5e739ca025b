using System.Net.WebSockets;
using Gateway.Admission;
using Gateway.Commands;
using Gateway.Delivery;
using Gateway.Workflows;
using Microsoft.Extensions.Options;

namespace Gateway.Doors.WebSockets;

/// <summary>Serves accepted WebSockets, whichever way they were accepted.</summary>
internal sealed class WebSocketConnections(
    SessionCommands commands,
    SessionFeeds feeds,
    RawWire wire,
    Replies replies,
    ClientLimits limits,
    InlineWorkflow definitions,
    IOptions<GatewayWebSocketOptions> options,
    TimeProvider time,
    ILogger<WebSocketConnection> logger)
{
    /// <summary>Serves one until it ends.</summary>
    public Task RunAsync(WebSocket socket, FrameSender sender, ConnectionRequest request, BroadcastStart? broadcast, CancellationToken cancellationToken)
    {
        sender.UseWire(wire);
        return new WebSocketConnection(socket, sender, commands, feeds, replies, limits, definitions, options.Value, time, logger).RunAsync(request, broadcast, cancellationToken);
    }
}
