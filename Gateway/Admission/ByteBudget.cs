namespace Gateway.Admission;

/// <summary>A number of bytes that many take from and give back to; who finds too few of them waits for its turn.</summary>
/// <param name="total">How many there are.</param>
/// <param name="time">The clock.</param>
/// <param name="whenShort">Called when somebody waits, and again each second: makes others give back.</param>
internal sealed class ByteBudget(long total, TimeProvider time, Action? whenShort = null)
{
    /// <summary>How long somebody may keep others waiting with a transfer whose pace a client sets.</summary>
    public static readonly TimeSpan LongestTransfer = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiting = [];
    private readonly LinkedList<ByteShare> _transfers = [];
    private long _used;
    private long _wanted;

    /// <summary>How many there are.</summary>
    public long Total => total;

    /// <summary>How many are taken.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>How many bytes are waited for.</summary>
    public long Wanted => Volatile.Read(ref _wanted);

    /// <summary>Takes bytes; null when there are too few for as long as <paramref name="patience"/>.</summary>
    /// <param name="bytes">How many; who needs more than there are takes all.</param>
    /// <param name="keepFree">How many it leaves to others.</param>
    /// <param name="goesAhead">Whether it goes ahead of those that wait already.</param>
    /// <param name="patience">How long it waits.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<ByteShare?> TakeAsync(long bytes, long keepFree, bool goesAhead, TimeSpan patience, CancellationToken cancellationToken)
    {
        var room = total - keepFree;
        bytes = Math.Min(bytes, room);
        LinkedListNode<Waiter> place;
        lock (_gate)
        {
            if ((_waiting.Count == 0 || goesAhead) && _used + bytes <= room) return AddLocked(bytes);
            if (patience <= TimeSpan.Zero) return null;
            place = _waiting.AddLast(new Waiter(bytes, room));
            _wanted += bytes;
        }

        var since = time.GetTimestamp();
        try
        {
            while (true)
            {
                EndSlowTransfers();
                whenShort?.Invoke();
                var left = patience - time.GetElapsedTime(since);
                if (left <= TimeSpan.Zero) return GiveUp(place);
                try
                {
                    return await place.Value.Task.WaitAsync(left < Look ? left : Look, time, cancellationToken);
                }
                catch (TimeoutException)
                {
                    // Another transfer may have become too slow meanwhile.
                }
            }
        }
        catch
        {
            GiveUp(place)?.Dispose();
            throw;
        }
    }

    /// <summary>Takes bytes whether there are so many or not: for what is there already.</summary>
    public ByteShare TakeAnyway(long bytes)
    {
        lock (_gate) return AddLocked(bytes);
    }

    internal void Resize(ByteShare share, long bytes)
    {
        lock (_gate)
        {
            _used += bytes - share.Bytes;
            share.Bytes = bytes;
            GrantLocked();
        }
    }

    internal void Begin(LinkedListNode<ByteShare> transfer)
    {
        lock (_gate)
        {
            if (transfer.List is null) _transfers.AddLast(transfer);
        }
    }

    internal void Finish(LinkedListNode<ByteShare> transfer)
    {
        lock (_gate)
        {
            if (transfer.List is not null) _transfers.Remove(transfer);
        }
    }

    private void EndSlowTransfers()
    {
        List<ByteShare> slow;
        lock (_gate) slow = [.. _transfers.Where(share => time.GetElapsedTime(share.Since) >= LongestTransfer)];
        foreach (var share in slow) share.End();
    }

    // The share of one that was granted it at the last moment.
    private ByteShare? GiveUp(LinkedListNode<Waiter> place)
    {
        lock (_gate)
        {
            if (place.List is null) return place.Value.Task.Result;
            _waiting.Remove(place);
            _wanted -= place.Value.Bytes;
            GrantLocked();
            return null;
        }
    }

    private void GrantLocked()
    {
        while (_waiting.First is { Value: var first } && _used + first.Bytes <= first.Room)
        {
            _waiting.RemoveFirst();
            _wanted -= first.Bytes;
            first.Grant(AddLocked(first.Bytes));
        }
    }

    private ByteShare AddLocked(long bytes)
    {
        _used += bytes;
        return new ByteShare(this, bytes, time.GetTimestamp());
    }

    private sealed class Waiter(long bytes, long room)
    {
        private readonly TaskCompletionSource<ByteShare> _granted = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long Bytes { get; } = bytes;

        public long Room { get; } = room;

        public Task<ByteShare> Task => _granted.Task;

        public void Grant(ByteShare share) => _granted.SetResult(share);
    }
}
