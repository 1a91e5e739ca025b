namespace Gateway.Delivery;

/// <summary>Where a broadcast connection begins in each session, noted before it is accepted.</summary>
/// <remarks>So that one who starts a session as soon as it is connected gets the session's first event.</remarks>
public sealed class BroadcastStart : IDisposable
{
    private readonly SessionFeeds _feeds;

    internal BroadcastStart(SessionFeeds feeds) => _feeds = feeds;

    /// <summary>The feeds, each pinned, with the seq of the first event to send; guarded by the registry's lock.</summary>
    internal Dictionary<SessionFeed, long> Places { get; } = [];

    /// <summary>Gives up; does nothing once it is in use.</summary>
    public void Dispose() => _feeds.End(this);
}
