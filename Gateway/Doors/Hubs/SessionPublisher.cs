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
            _ = SessionEvents.KindOf(sessionEvent).CallAsync(group, sessionEvent);
        }

        feed.EndBatch();
        if (feed.HasEnded) feeds.Release(feed);
    }
}
