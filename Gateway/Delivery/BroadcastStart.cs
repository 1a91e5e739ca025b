namespace Gateway.Delivery;

/// <summary>Where a broadcast connection begins in each session, noted before it is accepted.</summary>
/// <remarks>So a client that starts a session as soon as it is connected gets the session's first event.</remarks>
internal sealed class BroadcastStart(SessionFeeds feeds) : IDisposable
{
    /// <summary>The feeds, each pinned, with the seq of the first event to send; guarded by the registry's lock.</summary>
    public Dictionary<SessionFeed, long> Places { get; } = [];

    /// <summary>Gives up; does nothing once it is in use.</summary>
    public void Dispose() => feeds.End(this);
}
