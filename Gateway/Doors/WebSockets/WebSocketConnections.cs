using System.Net.WebSockets;
using Gateway.Admission;
using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Delivery;
using Microsoft.Extensions.Options;

namespace Gateway.Doors.WebSockets;

/// <summary>Serves accepted WebSockets, whichever way they were accepted; holds what all of them share.</summary>
internal sealed class WebSocketConnections(
    ConnectionCommands commands,
    InboxCommands inbox,
    CommandText text,
    RefusalReport refusals,
    SessionFeeds feeds,
    RawWire wire,
    Replies replies,
    ClientLimits limits,
    LargeMessages large,
    IOptions<GatewayWebSocketOptions> options,
    TimeProvider time,
    ILogger<WebSocketConnection> logger)
{
    /// <summary>The room for commands.</summary>
    public ConnectionCommands Commands { get; } = commands;

    /// <summary>What waits for a person, over all sessions.</summary>
    public InboxCommands Inbox { get; } = inbox;

    /// <summary>Reads the commands' data.</summary>
    public CommandText Text { get; } = text;

    /// <summary>Makes refusals of exceptions.</summary>
    public RefusalReport Refusals { get; } = refusals;

    /// <summary>Makes the frames that answer.</summary>
    public Replies Replies { get; } = replies;

    /// <summary>The feeds of all sessions.</summary>
    public SessionFeeds Feeds { get; } = feeds;

    /// <summary>What a connection may ask for.</summary>
    public ClientLimits Limits { get; } = limits;

    /// <summary>The door's settings.</summary>
    public GatewayWebSocketOptions Options { get; } = options.Value;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>Sends a snapshot ahead of the events that follow it.</summary>
    public Func<FrameSender, SessionSnapshot, CancellationToken, Task> SendSnapshot { get; } = replies.SendSnapshotAsync;

    /// <summary>What large messages share.</summary>
    public LargeMessages Large { get; } = large;

    /// <summary>A place among those that are sent the live events of every session, for a connection that is about to be accepted.</summary>
    public BroadcastMember JoinBroadcast() => Feeds.JoinBroadcast(wire);

    /// <summary>Serves one until it ends.</summary>
    /// <param name="caller">Who has opened it.</param>
    /// <param name="socket">The connection.</param>
    /// <param name="sender">Its sending side.</param>
    /// <param name="request">What its address asks for.</param>
    /// <param name="broadcast">Its place in the broadcast; null when it asks for one session.</param>
    /// <param name="end">Cancelled when nothing is to be done for the client any more, by the caller or by the connection itself.</param>
    public Task RunAsync(Caller caller, WebSocket socket, FrameSender sender, ConnectionRequest request, BroadcastMember? broadcast, CancellationTokenSource end)
    {
        sender.UseWire(wire);
        return new WebSocketConnection(caller, socket, sender, this, logger).RunAsync(request, broadcast, end);
    }
}
