namespace Gateway.Delivery;

/// <summary>The subscriptions of one connection, in fair turns; used under the sender's lock.</summary>
/// <remarks>Usually there is one, which is kept at hand: the less the fan-out touches, the less it misses the cache.</remarks>
internal struct SubscriptionSet()
{
    private Subscription[] _all = [];
    private int _turn;

    /// <summary>The one subscription; null when there is none or more than one.</summary>
    public Subscription? Only { get; private set; }

    /// <summary>All of them.</summary>
    public readonly ReadOnlySpan<Subscription> All => _all;

    /// <summary>How many there are.</summary>
    public readonly int Count => _all.Length;

    /// <summary>The one whose turn comes next; asked <see cref="Count"/> times it names each.</summary>
    public Subscription Next()
    {
        _turn = (_turn + 1) % _all.Length;
        return _all[_turn];
    }

    /// <summary>The subscription to a session; null when there is none.</summary>
    public readonly Subscription? Find(string sessionId)
    {
        foreach (var subscription in _all)
        {
            if (subscription.Feed.SessionId == sessionId) return subscription;
        }

        return null;
    }

    /// <summary>Whether it is one of them.</summary>
    public readonly bool Contains(Subscription subscription) => Array.IndexOf(_all, subscription) >= 0;

    /// <summary>Adds one.</summary>
    public void Add(Subscription subscription) => Set([.. _all, subscription]);

    /// <summary>Removes one.</summary>
    public void Remove(Subscription subscription) => Set([.. _all.Where(s => s != subscription)]);

    /// <summary>Removes all.</summary>
    public void Clear() => Set([]);

    private void Set(Subscription[] all)
    {
        _all = all;
        Only = all.Length == 1 ? all[0] : null;
    }
}
