namespace Gateway.Delivery;

/// <summary>Where a subscription will begin: all that may be refused has been checked, and nothing is sent yet.</summary>
/// <remarks>It holds the session's feed until it is disposed of.</remarks>
internal sealed class SubscriptionStart(SessionFeeds feeds, SessionFeed feed, long afterSeq) : IDisposable
{
    /// <summary>The session's feed.</summary>
    public SessionFeed Feed => feed;

    /// <summary>Seq of the first event to send.</summary>
    public long Next => afterSeq + 1;

    /// <inheritdoc/>
    public void Dispose() => feeds.Unpin(feed);
}
