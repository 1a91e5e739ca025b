using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Log;

namespace Gateway.Tests;

/// <summary>Lets tests append and publish plain events, whose JSON is of no concern to them.</summary>
internal static class LoggedEvents
{
    /// <summary>Appends them as the engine would.</summary>
    public static Task AppendAsync(this ISessionLog log, string sessionId, long lastSeq, IReadOnlyList<SessionEvent> events, SessionStanding standing, CancellationToken cancellationToken) =>
        log.AppendAsync(sessionId, lastSeq, events.ToLogged(), standing, cancellationToken);

    /// <summary>Publishes them as the engine would.</summary>
    public static void Publish(this ISessionPublisher publisher, IReadOnlyList<SessionEvent> events) => publisher.Publish(events.ToLogged());

    /// <summary>The events as a log takes them.</summary>
    public static IReadOnlyList<LoggedEvent> ToLogged(this IEnumerable<SessionEvent> events) => [.. events.Select(e => new LoggedEvent(e))];
}
