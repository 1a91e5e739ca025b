namespace Gateway.Lifetime;

/// <summary>Whether the gateway shuts down; that is never taken back.</summary>
internal sealed class DrainState : IDisposable
{
    private readonly CancellationTokenSource _over = new();
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _draining;
    private int _requests;

    /// <summary>Whether it has begun: no new connections, no new sessions, not ready.</summary>
    public bool IsDraining => _draining;

    /// <summary>Cancelled when its time is over: what a client has not said by then is not waited for.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>A request is being answered that is no connection: what it asks for is done in a moment, unless its client is slow.</summary>
    public void EnterRequest() => Interlocked.Increment(ref _requests);

    /// <summary>It has been answered.</summary>
    public void LeaveRequest()
    {
        if (Interlocked.Decrement(ref _requests) == 0 && _draining) _answered.TrySetResult();
    }

    /// <summary>Completes when no request is being answered, once it has begun.</summary>
    public Task WhenAnsweredAsync() => Volatile.Read(ref _requests) == 0 ? Task.CompletedTask : _answered.Task;

    /// <summary>Begins.</summary>
    public void Begin() => _draining = true;

    /// <summary>Its time is over.</summary>
    public void End() => _over.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _over.Dispose();
}
