using Gateway.Contracts;
using Gateway.Log;

namespace Gateway.Engine;

/// <summary>The snapshots of sessions that are not in memory, last used last; who asks for one that is being made shares it.</summary>
/// <param name="mostBytes">What the kept ones may take, roughly; 0 keeps none.</param>
internal sealed class SnapshotCache(long mostBytes)
{
    private const int PartOfMemory = 16;
    private const long MostByDefault = 64L << 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<Key, Task<SessionSnapshot>> _making = [];
    private readonly Dictionary<Key, LinkedListNode<Kept>> _kept = [];
    private readonly LinkedList<Kept> _order = [];
    private long _bytes;

    /// <summary>What the kept ones take, roughly.</summary>
    public long Bytes
    {
        get { lock (_gate) return _bytes; }
    }

    /// <summary>What they may take without a setting.</summary>
    /// <param name="memory">The memory there is for the process, in bytes.</param>
    public static long ByDefault(long memory) => Math.Min(memory / PartOfMemory, MostByDefault);

    /// <summary>The snapshot of a session at the last event of its entry.</summary>
    /// <param name="entry">The session. A deleted one is never found again, because another session has another time of creation.</param>
    /// <param name="make">Makes it, once for all who ask meanwhile; returns whether it may be kept.</param>
    /// <param name="cancellationToken">Gives up waiting; the snapshot is made all the same.</param>
    public async Task<SessionSnapshot> GetAsync(SessionEntry entry, Func<Task<(SessionSnapshot Snapshot, bool Keep)>> make, CancellationToken cancellationToken)
    {
        var key = new Key(entry.SessionId, entry.CreatedAt, entry.LastSeq, entry.Status);
        Task<SessionSnapshot> making;
        lock (_gate)
        {
            if (_kept.TryGetValue(key, out var kept))
            {
                _order.Remove(kept);
                _order.AddLast(kept);
                return kept.Value.Snapshot;
            }

            if (!_making.TryGetValue(key, out making!)) _making.Add(key, making = Task.Run(() => MakeAsync(key, make), CancellationToken.None));
        }

        return await making.WaitAsync(cancellationToken);
    }

    private async Task<SessionSnapshot> MakeAsync(Key key, Func<Task<(SessionSnapshot Snapshot, bool Keep)>> make)
    {
        try
        {
            var (snapshot, keep) = await make();
            if (keep) Keep(key, snapshot);
            return snapshot;
        }
        finally
        {
            lock (_gate) _making.Remove(key);
        }
    }

    private void Keep(Key key, SessionSnapshot snapshot)
    {
        // One that would push out most of the others is not worth it.
        var bytes = SnapshotSize.Bytes(snapshot);
        if (bytes > mostBytes / 4) return;
        lock (_gate)
        {
            if (_kept.ContainsKey(key)) return;
            _kept.Add(key, _order.AddLast(new Kept(key, snapshot, bytes)));
            _bytes += bytes;
            while (_bytes > mostBytes && _order.First is { } oldest)
            {
                _order.RemoveFirst();
                _kept.Remove(oldest.Value.Key);
                _bytes -= oldest.Value.Bytes;
            }
        }
    }

    private readonly record struct Key(string SessionId, DateTime CreatedAt, long LastSeq, string Status);

    private sealed record Kept(Key Key, SessionSnapshot Snapshot, long Bytes);
}
