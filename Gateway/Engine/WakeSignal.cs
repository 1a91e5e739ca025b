using System.Threading.Tasks.Sources;

namespace Gateway.Engine;

/// <summary>Wakes one waiting loop; several signals before it waits again count as one.</summary>
/// <remarks>One object for all waits: a loop waits once for each token that its models write.</remarks>
internal sealed class WakeSignal : IValueTaskSource<bool>
{
    private readonly Lock _gate = new();

    // Whoever wakes the loop has work of its own, so the loop goes on elsewhere.
    private ManualResetValueTaskSourceCore<bool> _wait = new() { RunContinuationsAsynchronously = true };
    private bool _isSet;
    private bool _isWaiting;

    /// <summary>Wakes the loop, now or when it waits next.</summary>
    public void Set()
    {
        lock (_gate)
        {
            if (!_isWaiting)
            {
                _isSet = true;
                return;
            }

            _isWaiting = false;
        }

        _wait.SetResult(true);
    }

    /// <summary>Waits for the next signal; false when none comes in this time.</summary>
    public async ValueTask<bool> WaitAsync(TimeSpan timeout, TimeProvider time)
    {
        var signal = WaitAsync();
        if (signal.IsCompleted) return await signal;
        using var late = time.CreateTimer(GiveUp, (this, _wait.Version), timeout, Timeout.InfiniteTimeSpan);
        return await signal;
    }

    /// <summary>Waits for the next signal.</summary>
    public ValueTask<bool> WaitAsync()
    {
        lock (_gate)
        {
            if (_isSet)
            {
                _isSet = false;
                return new ValueTask<bool>(true);
            }

            _wait.Reset();
            _isWaiting = true;
            return new ValueTask<bool>(this, _wait.Version);
        }
    }

    /// <inheritdoc/>
    bool IValueTaskSource<bool>.GetResult(short token) => _wait.GetResult(token);

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _wait.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _wait.OnCompleted(continuation, state, token, flags);

    private static void GiveUp(object? state)
    {
        var (signal, wait) = ((WakeSignal, short))state!;
        signal.GiveUp(wait);
    }

    // The timer of a wait may ring when that wait is over, and another one has begun.
    private void GiveUp(short wait)
    {
        lock (_gate)
        {
            if (!_isWaiting || wait != _wait.Version) return;
            _isWaiting = false;
        }

        _wait.SetResult(false);
    }
}
