using System.Collections.Concurrent;

namespace Gateway.Tests.Models;

/// <summary>A clock whose timers are due at once, and which remembers how long they should have taken.</summary>
internal sealed class ImpatientTimeProvider : TimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _waits = new();

    public IReadOnlyList<TimeSpan> Waits => [.. _waits];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > TimeSpan.Zero) _waits.Enqueue(dueTime);
        return base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? TimeSpan.Zero : dueTime, period);
    }
}
