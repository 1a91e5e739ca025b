using System.Collections.Concurrent;
using Gateway.Contracts;
using Gateway.Delivery;
using Gateway.Log;
using Gateway.Transport;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.SignalR;

namespace Gateway.Doors.Hubs;

/// <summary>SignalR's side of delivery: what is sent to a session's group goes into the session's feed.</summary>
/// <remarks>
/// The default manager's group send completes only when its slowest member has taken the message; this one only
/// appends. Everything that is not a session event works as SignalR's default does.
/// </remarks>
internal sealed class SessionHubLifetimeManager(SessionFeeds feeds, HubWires wires, ILogger<DefaultHubLifetimeManager<WorkflowHub>> logger)
    : DefaultHubLifetimeManager<WorkflowHub>(logger)
{
    private readonly ConcurrentDictionary<string, FrameSender> _senders = new(StringComparer.Ordinal);

    /// <summary>The sending side of a hub connection.</summary>
    /// <exception cref="OperationCanceledException">The client has left.</exception>
    public FrameSender SenderOf(string connectionId) =>
        _senders.TryGetValue(connectionId, out var sender) ? sender : throw new OperationCanceledException("The hub connection has ended.");

    /// <inheritdoc/>
    public override async Task OnConnectedAsync(HubConnectionContext connection)
    {
        await base.OnConnectedAsync(connection);
        var sender = DirectSenderOf(connection);
        if (sender is null) sender = CreateSender(connection);
        else sender.UseWire(wires.Framed(connection.Protocol));
        sender.Leaving = () => RequestClose(connection);
        _senders[connection.ConnectionId] = sender;
    }

    /// <inheritdoc/>
    public override async Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        if (_senders.TryRemove(connection.ConnectionId, out var sender))
        {
            // SignalR's goodbye may still be on its way through a WebSocket's own sender, which ends with its request.
            if (sender == DirectSenderOf(connection)) feeds.UnsubscribeAll(sender);
            else feeds.Remove(sender);
        }

        await base.OnDisconnectedAsync(connection);
    }

    /// <inheritdoc/>
    public override Task SendGroupAsync(string groupName, string methodName, object?[] args, CancellationToken cancellationToken = default)
    {
        if (args is not [SessionEvent sessionEvent]) return base.SendGroupAsync(groupName, methodName, args, cancellationToken);
        if (!HandOver.TryAppend(sessionEvent)) feeds.ForWriter(groupName, sessionEvent.Seq).Append(new LoggedEvent(sessionEvent));
        return Task.CompletedTask;
    }

    private FrameSender CreateSender(HubConnectionContext connection)
    {
        var wire = wires.Bare(connection.Protocol);
        if (StreamOf(connection) is not { } stream) return feeds.CreateSender(new HubConnectionOutput(connection, null), wire, connection.Abort);

        stream.LetReadersBeSlow();
        return feeds.CreateSender(new HubConnectionOutput(connection, stream.Features.Get<DirectSocketFeature>()?.Socket), wire, () =>
        {
            connection.Abort();
            // SignalR would wait until its goodbye is taken. The request lasts longer than this connection.
            stream.Abort();
        });
    }

    // The one long response of a connection over Server-Sent Events.
    private static HttpContext? StreamOf(HubConnectionContext connection) =>
        connection.Features.Get<IHttpTransportFeature>()?.TransportType == HttpTransportType.ServerSentEvents ? connection.GetHttpContext() : null;

    private static FrameSender? DirectSenderOf(HubConnectionContext connection) =>
        connection.Features.Get<DirectSenderFeature>()?.Sender
        ?? connection.Features.Get<IHttpContextFeature>()?.HttpContext?.Features.Get<DirectWebSocketFeature>()?.Sender;

    // SignalR's way of asking a connection to close: it says goodbye with reconnect allowed, which Abort() does not.
    private static void RequestClose(HubConnectionContext connection)
    {
        if (connection.Features.Get<IConnectionLifetimeNotificationFeature>() is { } lifetime) lifetime.RequestClose();
        else connection.Abort();
    }
}
