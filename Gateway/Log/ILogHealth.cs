namespace Gateway.Log;

/// <summary>Whether the session log can be written, for readiness.</summary>
public interface ILogHealth
{
    /// <summary>Why the last write failed, as a sentence; null when it did not.</summary>
    string? LastError { get; }

    /// <summary>Whether the log can be written now; tries a write when the last one failed.</summary>
    Task<bool> ProbeAsync(CancellationToken cancellationToken);
}
