using Gateway.Contracts;
using Gateway.Delivery;
using Gateway.Engine;
using Microsoft.AspNetCore.SignalR;

namespace Gateway.Doors.Hubs;

/// <summary>Pushes committed events through the hub context; the lifetime manager behind it feeds every wire.</summary>
public sealed class SessionPublisher(IHubContext<WorkflowHub, IWorkflowClient> hub, SessionFeeds feeds) : ISessionPublisher
{
    /// <inheritdoc/>
    public void Publish(IReadOnlyList<SessionEvent> events)
    {
        if (events.Count == 0) return;
        var sessionId = events[0].SessionId;
        var group = hub.Clients.Group(sessionId);
        var feed = feeds.ForWriter(sessionId, events[0].Seq);

        feed.BeginBatch();
        foreach (var sessionEvent in events)
        {
            // The task is done when it is returned: the lifetime manager appends to the feed and waits for nobody.
            _ = Push(group, sessionEvent);
        }

        feed.EndBatch();
        if (feed.HasEnded) feeds.Release(feed);
    }

    private static Task Push(IWorkflowClient group, SessionEvent sessionEvent) => sessionEvent switch
    {
        SessionEvent<TokenStream> e => group.TokenStream(e),
        SessionEvent<NodeStateChange> e => group.NodeStateChange(e),
        SessionEvent<ParallelStart> e => group.ParallelStart(e),
        SessionEvent<TokenUsage> e => group.TokenUsage(e),
        SessionEvent<ExecutionPaused> e => group.ExecutionPaused(e),
        SessionEvent<ExecutionCompleted> e => group.ExecutionCompleted(e),
        SessionEvent<ExecutionError> e => group.Error(e),
        _ => throw new ArgumentException($"'{sessionEvent.Event}' is not an event of a session.", nameof(sessionEvent)),
    };
}
