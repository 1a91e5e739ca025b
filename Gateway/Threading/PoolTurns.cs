using System.Diagnostics;

namespace Gateway.Threading;

/// <summary>Lets work that costs about the same for one thing as for many give way to what else waits in the thread pool.</summary>
/// <remarks>
/// The work that waits in the queue produces the things to be done here, so they gather while this gives way. An empty
/// queue has nothing to give way to, so no time passes idly. In a long queue little is lost, because no turn is given
/// after the first two milliseconds.
/// Used by one thread at a time.
/// </remarks>
/// <param name="isLast">Whether nobody gives way to this work while it gives way itself.</param>
internal struct PoolTurns(bool isLast)
{
    private static readonly long s_longest = Stopwatch.Frequency / 500;
    private static int s_lastInQueue;

    private int _given;
    private long _firstAt;

    /// <summary>Whether work waits in the pool that others give way to.</summary>
    public static bool OthersWait => ThreadPool.PendingWorkItemCount > Volatile.Read(ref s_lastInQueue);

    /// <summary>Queues the item.</summary>
    public readonly void Queue(IThreadPoolWorkItem item)
    {
        if (isLast) Interlocked.Increment(ref s_lastInQueue);
        ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);
    }

    /// <summary>To be called first by the item that was queued here: queues it again, and returns true, when it is to give way.</summary>
    /// <param name="item">The item.</param>
    /// <param name="atMost">Turns it gives before it takes one.</param>
    public bool TryGive(IThreadPoolWorkItem item, int atMost)
    {
        if (isLast) Interlocked.Decrement(ref s_lastInQueue);
        if (_given >= atMost || !OthersWait || (_given > 0 && Stopwatch.GetTimestamp() - _firstAt > s_longest))
        {
            _given = 0;
            return false;
        }

        if (_given++ == 0) _firstAt = Stopwatch.GetTimestamp();
        Queue(item);
        return true;
    }
}
