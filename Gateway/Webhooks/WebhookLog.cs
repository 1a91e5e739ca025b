using Gateway.Log;

namespace Gateway.Webhooks;

/// <summary>What webhooks need of the log.</summary>
/// <param name="Events">The events.</param>
/// <param name="Cursors">How far each endpoint has been told of each session.</param>
/// <param name="Letters">What was given up, and which endpoints stand still.</param>
internal sealed record WebhookLog(ISessionLog Events, ILogCursors Cursors, ILogDeadLetters Letters)
{
    /// <summary>Asks a log for all three.</summary>
    /// <exception cref="InvalidOperationException">A log of the host's own keeps none.</exception>
    public static WebhookLog Of(ISessionLog log) => log is ILogCursors cursors && log is ILogDeadLetters letters
        ? new(log, cursors, letters)
        : throw new InvalidOperationException($"The session log of this host, {log.GetType().Name}, keeps no cursors or no dead letters, and webhooks need both: it has to be an {nameof(ILogCursors)} and an {nameof(ILogDeadLetters)}, too.");
}
