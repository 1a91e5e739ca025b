using Gateway.Log;

namespace Gateway.Commands;

/// <summary>The ids of sessions that were deleted lately; they are not given out again.</summary>
/// <remarks>
/// A reader of the old session may come back with its seq and would take the new session for the rest of the old one. The
/// last ones are known, as long as the process lives.
/// </remarks>
internal sealed class DeletedSessions : IDeletionListener
{
    /// <summary>How many are known.</summary>
    internal const int Most = 50_000;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = [];

    /// <summary>Whether a session with this id was deleted.</summary>
    public bool Has(string sessionId)
    {
        lock (_gate) return _ids.Contains(sessionId);
    }

    /// <inheritdoc/>
    public void OnDeleted(IReadOnlyCollection<string> sessionIds)
    {
        lock (_gate)
        {
            foreach (var id in sessionIds)
            {
                if (!_ids.Add(id)) continue;
                _order.Enqueue(id);
                if (_order.Count > Most) _ids.Remove(_order.Dequeue());
            }
        }
    }
}
