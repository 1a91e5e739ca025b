using Gateway.Contracts;
using Gateway.Log;
using Gateway.Refusals;

namespace Gateway.Engine;

/// <summary>Where sessions live; in this process by default. Nothing above it knows where.</summary>
/// <remarks>
/// Each command returns once its effect is in the session's log, and is refused with a <see cref="GatewayException"/>:
/// <c>unknown_session</c>, <c>session_finished</c>, <c>storage_unavailable</c>, or what the command names.
/// </remarks>
public interface ISessionHost
{
    /// <summary>Creates and runs a session; a no-op when one with the same id and fingerprint exists.</summary>
    /// <exception cref="GatewayException"><c>session_exists</c>: the id has other content; <c>shutting_down</c>.</exception>
    Task StartAsync(SessionHeader header, CancellationToken cancellationToken);

    /// <summary>Whether a session with this id has been started with this content.</summary>
    Task<bool> WasStartedAsync(string sessionId, string fingerprint, CancellationToken cancellationToken);

    /// <summary>Pauses; a no-op when a user paused it before.</summary>
    Task PauseAsync(string sessionId, CancellationToken cancellationToken);

    /// <summary>Resumes; a no-op when it is not paused.</summary>
    Task ResumeAsync(string sessionId, CancellationToken cancellationToken);

    /// <summary>Ends as cancelled; a no-op when it was cancelled before.</summary>
    Task CancelAsync(string sessionId, CancellationToken cancellationToken);

    /// <summary>Answers a prompt or joins the conversation.</summary>
    /// <exception cref="GatewayException"><c>prompt_answered</c>, <c>unknown_prompt</c>.</exception>
    Task UserInputAsync(string sessionId, string content, string? promptId, string? nodeId, CancellationToken cancellationToken);

    /// <summary>The folded state at the session's last published event; also of a finished session.</summary>
    Task<SessionSnapshot> GetSnapshotAsync(string sessionId, CancellationToken cancellationToken);
}
