namespace Gateway.Delivery;

/// <summary>The subscriptions of one connection, in fair turns; used under the sender's lock.</summary>
/// <remarks>
/// Usually there is one, which is kept at hand: the less the fan-out touches, the less it misses the cache. A plain <c>/ws</c>
/// has one for every session that has said something since it came, so adding, finding and removing one does not cost more
/// with more of them.
/// </remarks>
internal struct SubscriptionSet()
{
    private const int MostToSearch = 16;

    private Subscription[] _all = [];
    private Dictionary<string, Subscription>? _bySession;
    private int _turn;

    /// <summary>The one subscription; null when there is none or more than one.</summary>
    public Subscription? Only { get; private set; }

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>All of them.</summary>
    public readonly ReadOnlySpan<Subscription> All => _all.AsSpan(0, Count);

    /// <summary>The one whose turn comes next; asked <see cref="Count"/> times it names each.</summary>
    public Subscription Next()
    {
        _turn = (_turn + 1) % Count;
        return _all[_turn];
    }

    /// <summary>The subscription to a session; null when there is none.</summary>
    public readonly Subscription? Find(string sessionId)
    {
        if (_bySession is not null) return _bySession.GetValueOrDefault(sessionId);
        foreach (var subscription in All)
        {
            if (subscription.Feed.SessionId == sessionId) return subscription;
        }

        return null;
    }

    /// <summary>Whether it is one of them.</summary>
    public readonly bool Contains(Subscription subscription) => Find(subscription.Feed.SessionId) == subscription;

    /// <summary>Adds one, to a session that none of the others is for.</summary>
    public void Add(Subscription subscription)
    {
        if (Count == _all.Length) Array.Resize(ref _all, Math.Max(1, 2 * Count));
        subscription.SetIndex = Count;
        _all[Count++] = subscription;
        if (_bySession is null && Count > MostToSearch)
        {
            _bySession = new(StringComparer.Ordinal);
            foreach (var each in All) _bySession.Add(each.Feed.SessionId, each);
        }
        else
        {
            _bySession?.Add(subscription.Feed.SessionId, subscription);
        }

        KeepOnly();
    }

    /// <summary>Removes one of them.</summary>
    public void Remove(Subscription subscription)
    {
        var last = _all[--Count];
        _all[Count] = null!;
        if (last != subscription)
        {
            _all[subscription.SetIndex] = last;
            last.SetIndex = subscription.SetIndex;
        }

        _bySession?.Remove(subscription.Feed.SessionId);
        if (Count == 0) Clear();
        KeepOnly();
    }

    /// <summary>Removes all.</summary>
    public void Clear()
    {
        _all = [];
        _bySession = null;
        Count = 0;
        KeepOnly();
    }

    private void KeepOnly() => Only = Count == 1 ? _all[0] : null;
}
