using System.Threading.Tasks.Sources;

namespace Gateway.Benchmarks.Sessions.Server;

/// <summary>So many things a second: each has its moment, so what comes late makes nothing after it late.</summary>
/// <remarks>
/// The first moment is anywhere in the first interval, so that many that begin together do not speak together. One timer for all of
/// them: what is measured is the gateway, and not how a model waits.
/// </remarks>
internal sealed class Pace : IValueTaskSource, IDisposable
{
    private readonly TimeProvider _time;
    private readonly double _interval;
    private readonly long _begin;
    private readonly ITimer _timer;
    private ManualResetValueTaskSourceCore<bool> _wait;
    private double _next;

    /// <summary>Begins now.</summary>
    public Pace(double perSecond, TimeProvider time)
    {
        _time = time;
        _interval = 1 / perSecond;
        _begin = time.GetTimestamp();
        _next = Random.Shared.NextDouble() * _interval;
        _timer = time.CreateTimer(static self => ((Pace)self!)._wait.SetResult(true), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Waits for the next moment; returns at once when it has passed.</summary>
    public ValueTask WaitAsync()
    {
        var wait = TimeSpan.FromSeconds(_next) - _time.GetElapsedTime(_begin);
        _next += _interval;
        if (wait <= TimeSpan.Zero) return default;
        _wait.Reset();
        var task = new ValueTask(this, _wait.Version);
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
        return task;
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    /// <inheritdoc/>
    void IValueTaskSource.GetResult(short token) => _wait.GetResult(token);

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _wait.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _wait.OnCompleted(continuation, state, token, flags);
}
