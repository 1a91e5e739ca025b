using Gateway.Contracts;
using Gateway.Delivery;
using Gateway.Engine;
using Gateway.Log;
using Microsoft.AspNetCore.SignalR;

namespace Gateway.Doors.Hubs;

/// <summary>Pushes committed events through the hub context; the lifetime manager behind it feeds every wire.</summary>
internal sealed class SessionPublisher(IHubContext<WorkflowHub, IWorkflowClient> hub, SessionFeeds feeds, IEnumerable<ICommitListener> listeners) : ISessionPublisher
{
    private readonly ICommitListener[] _listeners = [.. listeners];

    /// <inheritdoc/>
    public void Publish(IReadOnlyList<LoggedEvent> events)
    {
        if (events.Count == 0) return;
        var sessionId = events[0].Event.SessionId;
        var group = hub.Clients.Group(sessionId);
        var feed = feeds.ForWriter(sessionId, events[0].Seq);

        feed.BeginBatch();
        HandOver.Begin(feed);
        try
        {
            foreach (var logged in events)
            {
                // The task is done when it is returned: the lifetime manager appends to the feed and waits for nobody.
                HandOver.Offer(logged);
                _ = SessionEvents.KindOf(logged.Event).CallAsync(group, logged.Event);
            }
        }
        finally
        {
            HandOver.End();
            feed.EndBatch();
        }

        if (feed.HasEnded) feeds.Release(feed);
        foreach (var listener in _listeners) listener.OnCommitted(events);
    }
}
