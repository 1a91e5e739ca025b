using Gateway.Contracts;
using Gateway.Log;
using Gateway.Refusals;

namespace Gateway.Engine;

/// <summary>Where sessions live; in this process by default. Nothing above it knows where.</summary>
/// <remarks>
/// Each command returns once its effect is in the session's log, with the seq of its last event (or of the session's, when nothing
/// was left to do), and is refused with a <see cref="GatewayException"/>:
/// <c>unknown_session</c>, <c>session_finished</c>, <c>storage_unavailable</c>, or what the command names. A session whose log
/// cannot be read is refused with a <see cref="DamagedLogException"/>.
/// </remarks>
public interface ISessionHost
{
    /// <summary>Creates and runs a session; a no-op when one with the same id and fingerprint exists.</summary>
    /// <exception cref="GatewayException"><c>session_exists</c>: the id has other content; <c>shutting_down</c>.</exception>
    Task<long> StartAsync(SessionHeader header, CancellationToken cancellationToken);

    /// <summary>The last seq of the session that has been started with this id and content; null when there is none.</summary>
    Task<long?> FindStartedAsync(string sessionId, string fingerprint, CancellationToken cancellationToken);

    /// <summary>Hands a command to a session; a no-op when nothing is left to do.</summary>
    /// <param name="sessionId">The session; goes before the one that <paramref name="command"/> names.</param>
    /// <param name="command">What is asked of it.</param>
    /// <param name="by">The name of who asks, which the log keeps of an answer; null when it is not known.</param>
    /// <param name="cancellationToken">Gives up waiting; the command may be done all the same.</param>
    /// <exception cref="GatewayException"><c>prompt_answered</c>, <c>prompt_expired</c>, <c>unknown_prompt</c>, <c>not_assigned</c> or <c>invalid_data</c> for a <see cref="UserInput"/>.</exception>
    Task<long> SendAsync(string sessionId, ISessionCommand command, string? by, CancellationToken cancellationToken);

    /// <summary>The folded state at the session's last published event; also of a finished session.</summary>
    Task<SessionSnapshot> GetSnapshotAsync(string sessionId, CancellationToken cancellationToken);
}
