namespace Gateway.Log;

/// <summary>A session as its log knows it.</summary>
/// <remarks>Its header is read when it is asked for, so that a session without a readable one can still be watched, ended and deleted.</remarks>
/// <param name="header">Reads the header, or throws <see cref="DamagedLogException"/>.</param>
public sealed class SessionEntry(Func<SessionHeader> header)
{
    private SessionHeader? _header;

    /// <summary>The session.</summary>
    public required string SessionId { get; init; }

    /// <summary>The workflow it runs.</summary>
    public required string WorkflowId { get; init; }

    /// <summary>One of <see cref="Contracts.SessionStatus"/>.</summary>
    public required string Status { get; init; }

    /// <summary>Its last event; 0 before the first.</summary>
    public required long LastSeq { get; init; }

    /// <summary>When it was started, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>Time of its last event, UTC.</summary>
    public required DateTime UpdatedAt { get; init; }

    /// <summary>What it was started with.</summary>
    /// <exception cref="DamagedLogException">It is missing or cannot be read.</exception>
    public SessionHeader Header => _header ??= header();
}
