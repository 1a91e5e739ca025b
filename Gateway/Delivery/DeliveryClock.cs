namespace Gateway.Delivery;

/// <summary>A coarse count of time that costs a field to read: one timer for all connections.</summary>
internal sealed class DeliveryClock
{
    private long _ticks;

    /// <summary>Ticks so far.</summary>
    public long Ticks => Volatile.Read(ref _ticks);

    /// <summary>Moves on by one tick.</summary>
    public long Advance() => Interlocked.Increment(ref _ticks);
}
