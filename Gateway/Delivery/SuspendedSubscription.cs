namespace Gateway.Delivery;

/// <summary>A subscription that stands still while a snapshot is taken: what it has sent by then is in the snapshot.</summary>
/// <remarks>Goes on where it was unless something has taken its place.</remarks>
internal sealed class SuspendedSubscription(SessionFeeds feeds, Subscription subscription) : IDisposable
{
    private bool _replaced;

    /// <summary>Something has taken its place, or it is to end.</summary>
    public void Replace() => _replaced = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_replaced) subscription.Owner.Restore(subscription);
        feeds.Unpin(subscription.Feed);
    }
}
