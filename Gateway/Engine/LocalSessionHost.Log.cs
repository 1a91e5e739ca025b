namespace Gateway.Engine;

internal sealed partial class LocalSessionHost
{
    [LoggerMessage(EngineEvents.Recovered, LogLevel.Information, "Recovered {Count} sessions of an earlier process")]
    private partial void LogRecovered(int count);

    [LoggerMessage(EngineEvents.CannotRecoverYet, LogLevel.Warning, "Session {SessionId} cannot be recovered yet: {Problem} The recovery is tried again when the store works")]
    private partial void LogCannotRecoverYet(string sessionId, string problem);

    [LoggerMessage(EngineEvents.CannotList, LogLevel.Error, "The unfinished sessions cannot be listed; they are recovered when the store works")]
    private partial void LogCannotList(Exception exception);

    [LoggerMessage(EngineEvents.CannotRecover, LogLevel.Error, "Session {SessionId} cannot be recovered; it stays as it is until the gateway starts again")]
    private partial void LogCannotRecover(Exception exception, string sessionId);

    [LoggerMessage(EngineEvents.EndedByForce, LogLevel.Warning, "Session {SessionId}, which could not go on, is ended as cancelled")]
    private partial void LogEndedByForce(string sessionId);

    [LoggerMessage(EngineEvents.LogDamaged, LogLevel.Error, "The log of session {SessionId} is damaged; the session ends as failed: {Damage}")]
    private partial void LogDamaged(string sessionId, string damage);

    [LoggerMessage(EngineEvents.StopTimedOut, LogLevel.Warning, "{Count} sessions had not stopped after {Timeout}; they are left behind")]
    private partial void LogStopTimedOut(int count, TimeSpan timeout);
}
