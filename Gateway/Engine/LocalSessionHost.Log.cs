namespace Gateway.Engine;

public sealed partial class LocalSessionHost
{
    [LoggerMessage(1020, LogLevel.Information, "Went on with {Count} sessions of an earlier process")]
    private partial void LogRecovered(int count);

    [LoggerMessage(1025, LogLevel.Warning, "Session {SessionId} cannot go on yet: {Problem} It is tried again when the store works")]
    private partial void LogCannotRecoverYet(string sessionId, string problem);

    [LoggerMessage(1021, LogLevel.Error, "The unfinished sessions cannot be listed; they go on when the store works")]
    private partial void LogCannotList(Exception exception);

    [LoggerMessage(1022, LogLevel.Error, "Session {SessionId} cannot go on")]
    private partial void LogCannotRecover(Exception exception, string sessionId);

    [LoggerMessage(1023, LogLevel.Error, "The log of session {SessionId} is damaged; the session ends as failed: {Damage}")]
    private partial void LogDamaged(string sessionId, string damage);

    [LoggerMessage(1024, LogLevel.Warning, "{Count} sessions were not done stopping after {Timeout}")]
    private partial void LogStopTimedOut(int count, TimeSpan timeout);
}
