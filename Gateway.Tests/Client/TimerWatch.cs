using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Client;

/// <summary>A fake clock that tells when the first timer has been set, and for how long.</summary>
internal sealed class TimerWatch : FakeTimeProvider
{
    private readonly TaskCompletionSource<TimeSpan> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TimeSpan> First => _first.Task;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _first.TrySetResult(dueTime);
        return timer;
    }
}
