namespace Gateway.Delivery;

/// <summary>A connection's place among those that are sent every session's live events; it leaves when this is disposed of.</summary>
/// <remarks>
/// Taken before the connection is accepted, so a client that starts a session as soon as it is connected gets the session's
/// first event: what comes until <see cref="Open"/> is noted here.
/// </remarks>
internal sealed class BroadcastMember(SessionFeeds feeds, BroadcastList list, long number) : IDisposable
{
    private readonly Lock _gate = new();
    private List<(SessionFeed Feed, long Next)>? _waiting;
    private FrameSender? _sender;
    private bool _left;

    /// <summary>Its number; each new member has a greater one.</summary>
    public long Number => number;

    /// <summary>Whether it has left.</summary>
    public bool HasLeft => Volatile.Read(ref _left);

    /// <summary>Sends the live events of every session, from its joining on.</summary>
    public void Open(FrameSender sender)
    {
        sender.TakesAll = true;
        List<(SessionFeed Feed, long Next)>? waiting;
        lock (_gate)
        {
            _sender = sender;
            waiting = _waiting;
            _waiting = null;
        }

        foreach (var (feed, next) in waiting ?? [])
        {
            sender.AddIfNew(feed, next);
            feeds.Unpin(feed);
        }
    }

    /// <summary>Sends a session's events from one on.</summary>
    public void Attach(SessionFeed feed, long next)
    {
        lock (_gate)
        {
            if (_left) return;
            if (_sender is null)
            {
                feeds.Pin(feed);
                (_waiting ??= []).Add((feed, next));
                return;
            }
        }

        // It may leave at this moment. A sender that has ended takes no subscription.
        _sender.AddIfNew(feed, next);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        List<(SessionFeed Feed, long Next)>? waiting;
        lock (_gate)
        {
            if (_left) return;
            Volatile.Write(ref _left, true);
            waiting = _waiting;
            _waiting = null;
        }

        list.Left();
        foreach (var (feed, _) in waiting ?? []) feeds.Unpin(feed);
    }
}
