namespace Gateway.Lifetime;

/// <summary>Whether the gateway shuts down; that is never taken back.</summary>
internal sealed class DrainState : IDisposable
{
    private readonly CancellationTokenSource _over = new();
    private volatile bool _draining;

    /// <summary>Whether it has begun: no new connections, no new sessions, not ready.</summary>
    public bool IsDraining => _draining;

    /// <summary>Cancelled when its time is over: what a client has not said by then is not waited for.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>Begins.</summary>
    public void Begin() => _draining = true;

    /// <summary>Its time is over.</summary>
    public void End() => _over.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _over.Dispose();
}
