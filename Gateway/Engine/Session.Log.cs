using Gateway.Contracts;

namespace Gateway.Engine;

internal sealed partial class Session
{
    private void LogLifeEvent(SessionEvent sessionEvent)
    {
        switch (sessionEvent)
        {
            case { Seq: 1 }:
                LogStarted(Header.SessionId, Header.WorkflowId);
                break;
            case SessionEvent<ExecutionPaused> { Data: { HeldInput: null } paused }:
                LogPaused(Header.SessionId, paused.Reason);
                break;
            case SessionEvent<ExecutionError> { Data: var error }:
                LogError(Header.SessionId, error.NodeId, error.Code, error.Error);
                break;
            case SessionEvent<ExecutionCompleted> { Data: var end }:
                LogEnded(Header.SessionId, end.Status, sessionEvent.Seq);
                break;
        }
    }

    [LoggerMessage(EngineEvents.SessionStarted, LogLevel.Information, "Session {SessionId} of workflow {WorkflowId} started")]
    private partial void LogStarted(string sessionId, string workflowId);

    [LoggerMessage(EngineEvents.SessionPaused, LogLevel.Information, "Session {SessionId} is paused: {Reason}")]
    private partial void LogPaused(string sessionId, string reason);

    [LoggerMessage(EngineEvents.SessionEnded, LogLevel.Information, "Session {SessionId} ended: {Status}, {Events} events")]
    private partial void LogEnded(string sessionId, string status, long events);

    [LoggerMessage(EngineEvents.SessionError, LogLevel.Warning, "Session {SessionId}, node {NodeId}: {Code}: {Message}")]
    private partial void LogError(string sessionId, string? nodeId, string code, string message);

    [LoggerMessage(EngineEvents.StorageFailed, LogLevel.Error, "Session {SessionId} is held: its log cannot be used. The session goes on by itself once the store works again")]
    private partial void LogStorageFailed(Exception exception, string sessionId);

    [LoggerMessage(EngineEvents.WriterConflict, LogLevel.Error, "Session {SessionId} stops in this process: another writer has appended to its log")]
    private partial void LogConflict(Exception exception, string sessionId);

    [LoggerMessage(EngineEvents.SessionBug, LogLevel.Error, "Session {SessionId} ran into a bug and is ended as failed")]
    private partial void LogBug(Exception exception, string sessionId);

    [LoggerMessage(EngineEvents.SessionCannotFail, LogLevel.Error, "Session {SessionId} could not be ended as failed; it stays as it is until the gateway starts again")]
    private partial void LogCannotFail(Exception exception, string sessionId);

    [LoggerMessage(EngineEvents.SessionTooLarge, LogLevel.Error, "Session {SessionId} is ended as failed: {Problem}")]
    private partial void LogTooLarge(string sessionId, string problem);

    [LoggerMessage(EngineEvents.SessionWithoutMemory, LogLevel.Error, "Session {SessionId} got no memory; it rests for a moment and goes on from its log")]
    private partial void LogNoMemory(Exception exception, string sessionId);

    [LoggerMessage(EngineEvents.SessionDamaged, LogLevel.Error, "The log of session {SessionId} is damaged; the session ends as failed: {Damage}")]
    private partial void LogDamaged(string sessionId, string damage);
}
