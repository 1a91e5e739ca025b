namespace Gateway.Lifetime;

/// <summary>How far the gateway is with shutting down; each step is taken once and never taken back.</summary>
public sealed class DrainState : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private readonly CancellationTokenSource _cut = new();
    private volatile bool _draining;

    /// <summary>Whether it has begun: no new connections, no new sessions, not ready.</summary>
    public bool IsDraining => _draining;

    /// <summary>Sessions are paused: who has read everything leaves.</summary>
    public CancellationToken Leaving => _leaving.Token;

    /// <summary>The time is up for those who have not.</summary>
    public CancellationToken Cut => _cut.Token;

    /// <summary>Begins.</summary>
    public void Begin() => _draining = true;

    /// <summary>Asks who has read everything to leave.</summary>
    public Task LeaveAsync() => _leaving.CancelAsync();

    /// <summary>Ends what is still there.</summary>
    public Task CutAsync() => _cut.CancelAsync();

    /// <inheritdoc/>
    public void Dispose()
    {
        _leaving.Dispose();
        _cut.Dispose();
    }
}
