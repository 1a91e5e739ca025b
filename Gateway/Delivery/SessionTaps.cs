using Gateway.Log;

namespace Gateway.Delivery;

/// <summary>The taps of all sessions: for doors whose frames follow from all that a reader has been sent, and are not the same for every reader.</summary>
internal sealed class SessionTaps(ISessionLog log) : ICommitListener, IDeletionListener
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<SessionTap>> _taps = new(StringComparer.Ordinal);
    private volatile bool _isEmpty = true;

    /// <summary>A place in a session, until it is disposed of.</summary>
    public SessionTap Open(string sessionId)
    {
        var tap = new SessionTap(sessionId, log, Close);
        lock (_gate)
        {
            if (!_taps.TryGetValue(sessionId, out var taps)) _taps.Add(sessionId, taps = []);
            taps.Add(tap);
            _isEmpty = false;
        }

        return tap;
    }

    /// <inheritdoc/>
    public void OnCommitted(IReadOnlyList<LoggedEvent> events)
    {
        if (_isEmpty) return;
        foreach (var tap in Of(events[0].Event.SessionId)) tap.Offer(events);
    }

    /// <inheritdoc/>
    public void OnDeleted(IReadOnlyCollection<string> sessionIds)
    {
        foreach (var tap in sessionIds.SelectMany(Of)) tap.Delete();
    }

    private SessionTap[] Of(string sessionId)
    {
        lock (_gate) return _taps.TryGetValue(sessionId, out var taps) ? [.. taps] : [];
    }

    private void Close(SessionTap tap)
    {
        lock (_gate)
        {
            if (!_taps.TryGetValue(tap.SessionId, out var taps) || !taps.Remove(tap)) return;
            if (taps.Count == 0) _taps.Remove(tap.SessionId);
            _isEmpty = _taps.Count == 0;
        }
    }
}
