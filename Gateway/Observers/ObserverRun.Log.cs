namespace Gateway.Observers;

internal sealed partial class ObserverRun
{
    [LoggerMessage(ObserversEvents.Failed, LogLevel.Warning, "Session observer {Observer} failed at event {Seq} of session {SessionId}, for the {Failures}. time in a row; it is told again in {Wait}")]
    private partial void LogFailed(Exception exception, string observer, string sessionId, long seq, int failures, TimeSpan wait);

    [LoggerMessage(ObserversEvents.LogFailed, LogLevel.Warning, "Session observer {Observer} waits {Wait} for the session log: {Reason}")]
    private partial void LogLogFailed(string observer, TimeSpan wait, string reason);

    [LoggerMessage(ObserversEvents.LogDamaged, LogLevel.Warning, "Session observer {Observer} cannot be told of all moments of session {SessionId}, whose log is damaged: {Reason}")]
    private partial void LogDamaged(string observer, string sessionId, string reason);
}
