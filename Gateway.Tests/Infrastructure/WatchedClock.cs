using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Infrastructure;

/// <summary>A clock that only the test moves, and that tells when somebody waits for it.</summary>
internal sealed class WatchedClock : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Lets a time pass once somebody waits for exactly that; each wait is seen once.</summary>
    public async Task PassAsync(TimeSpan time, CancellationToken cancellationToken = default)
    {
        while (await _timers.Reader.ReadAsync(cancellationToken) != time) continue;
        Advance(time);
    }
}
