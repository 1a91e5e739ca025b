namespace Gateway.Engine;

/// <summary>Whether the store worked when a session last used it; for the readiness probe.</summary>
public sealed class StorageHealth
{
    private volatile bool _isWorking = true;

    /// <summary>False from a failed append until the next that succeeds.</summary>
    public bool IsWorking => _isWorking;

    internal void Report(bool working)
    {
        // Every append reports; the shared line is written only when something changed.
        if (_isWorking != working) _isWorking = working;
    }
}
