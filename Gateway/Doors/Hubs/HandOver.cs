using Gateway.Contracts;
using Gateway.Delivery;
using Gateway.Log;

namespace Gateway.Doors.Hubs;

/// <summary>Takes a batch's feed and JSON past SignalR, whose calls carry each event's object alone.</summary>
/// <remarks>
/// The hub context calls the lifetime manager on the publisher's thread before it returns. Without this the manager
/// would look the feed up for each event, and the feed would write the JSON once more that the log has already.
/// </remarks>
internal static class HandOver
{
    [ThreadStatic]
    private static SessionFeed? t_feed;

    [ThreadStatic]
    private static LoggedEvent? t_logged;

    /// <summary>Names the feed of the batch that this thread publishes.</summary>
    public static void Begin(SessionFeed feed) => t_feed = feed;

    /// <summary>Names the event that this thread sends through the hub next.</summary>
    public static void Offer(LoggedEvent logged) => t_logged = logged;

    /// <summary>Appends the offered event to its feed; false for any other event, which somebody else sends through the hub.</summary>
    public static bool TryAppend(SessionEvent sessionEvent)
    {
        if (t_feed is not { } feed || t_logged is not { } logged || !ReferenceEquals(logged.Event, sessionEvent)) return false;
        feed.Append(logged);
        return true;
    }

    /// <summary>Ends the batch.</summary>
    public static void End() => (t_feed, t_logged) = (null, null);
}
