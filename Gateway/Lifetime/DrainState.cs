namespace Gateway.Lifetime;

/// <summary>Whether the gateway shuts down; that is never taken back.</summary>
internal sealed class DrainState
{
    private volatile bool _draining;

    /// <summary>Whether it has begun: no new connections, no new sessions, not ready.</summary>
    public bool IsDraining => _draining;

    /// <summary>Begins.</summary>
    public void Begin() => _draining = true;
}
