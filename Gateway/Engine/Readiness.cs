namespace Gateway.Engine;

/// <summary>What becomes of a pending node now.</summary>
public enum Readiness
{
    /// <summary>It waits on; only possible while a node before it has not ended.</summary>
    Waits,

    /// <summary>It starts.</summary>
    Starts,

    /// <summary>It is skipped.</summary>
    Skips,
}
