namespace Gateway.Delivery;

/// <summary>A subscription that stands still while a snapshot is taken: what it has sent by then is in the snapshot.</summary>
/// <remarks>Goes on where it was unless something has taken its place.</remarks>
public sealed class SuspendedSubscription : IDisposable
{
    private readonly SessionFeeds _feeds;
    private readonly Subscription _subscription;
    private bool _replaced;

    internal SuspendedSubscription(SessionFeeds feeds, Subscription subscription) => (_feeds, _subscription) = (feeds, subscription);

    /// <summary>Something has taken its place, or it is to end.</summary>
    public void Replace() => _replaced = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_replaced) _subscription.Owner.Restore(_subscription);
        _feeds.Unpin(_subscription.Feed);
    }
}
