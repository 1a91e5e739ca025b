namespace Gateway.Diagnostics;

/// <summary>Whether the gateway has begun to shut down and takes no new work.</summary>
public sealed class DrainState
{
    private volatile bool _draining;

    /// <summary>Whether it has begun.</summary>
    public bool IsDraining => _draining;

    /// <summary>Begins; there is no way back.</summary>
    public void Begin() => _draining = true;
}
