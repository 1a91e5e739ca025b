using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Gateway.Engine.Calls;

/// <summary>Waits for what a model says next, until a token breaks that off; one wait at a time.</summary>
/// <remarks>
/// One object and one registration for all tokens of a call: a task and its wait for each would be a fifth of what a token allocates.
/// A wait that was broken off leaves the model's own task under way; <see cref="LeftBehind"/> ends with it.
/// </remarks>
internal sealed class StoppableWait : IValueTaskSource<bool>
{
    private readonly Lock _gate = new();
    private readonly CancellationToken _stop;
    private readonly Action _moved;
    private ManualResetValueTaskSourceCore<bool> _wait;
    private ConfiguredValueTaskAwaitable<bool>.ConfiguredValueTaskAwaiter _next;
    private readonly CancellationTokenRegistration _registration;
    private TaskCompletionSource? _leftBehind;
    private bool _isWaiting;

    /// <summary>Waits that end when <paramref name="stop"/> is cancelled.</summary>
    public StoppableWait(CancellationToken stop)
    {
        _stop = stop;
        _moved = Moved;
        _registration = stop.UnsafeRegister(static self => ((StoppableWait)self!).Stop(), this);
    }

    /// <summary>Completes when the model has let go of what was being waited for when the wait was broken off; null when none was.</summary>
    public Task? LeftBehind => _leftBehind?.Task;

    /// <summary>The result of <paramref name="next"/>, or its exception.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public ValueTask<bool> WaitAsync(ValueTask<bool> next)
    {
        if (next.IsCompleted) return next;
        ValueTask<bool> wait;
        lock (_gate)
        {
            _wait.Reset();
            _next = next.ConfigureAwait(false).GetAwaiter();
            _isWaiting = true;
            wait = new ValueTask<bool>(this, _wait.Version);
        }

        _next.UnsafeOnCompleted(_moved);

        // Whoever cancels looks for a wait once the token is cancelled, so one of the two notices the other.
        if (_stop.IsCancellationRequested) Stop();
        return wait;
    }

    /// <summary>Breaks off the wait that is under way, if there is one. The token does so by itself, once what was registered with it later is done.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            if (!_isWaiting) return;
            _isWaiting = false;
            _leftBehind = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        _wait.SetException(new OperationCanceledException(_stop));
    }

    /// <summary>The token breaks nothing off any more.</summary>
    public void End() => _registration.Unregister();

    /// <inheritdoc/>
    bool IValueTaskSource<bool>.GetResult(short token)
    {
        _wait.GetResult(token);
        return _next.GetResult();
    }

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _wait.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _wait.OnCompleted(continuation, state, token, flags);

    private void Moved()
    {
        lock (_gate)
        {
            if (!_isWaiting)
            {
                LetGo();
                return;
            }

            _isWaiting = false;
        }

        _wait.SetResult(true);
    }

    // What it says is heard, so that no failure of it counts as unnoticed.
    private void LetGo()
    {
        try
        {
            _next.GetResult();
        }
        catch (Exception)
        {
            // The call has ended already, with a reason of its own.
        }

        _leftBehind!.TrySetResult();
    }
}
