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

    [LoggerMessage(1000, LogLevel.Information, "Session {SessionId} of workflow {WorkflowId} started")]
    private partial void LogStarted(string sessionId, string workflowId);

    [LoggerMessage(1001, LogLevel.Information, "Session {SessionId} stands still: {Reason}")]
    private partial void LogPaused(string sessionId, string reason);

    [LoggerMessage(1002, LogLevel.Information, "Session {SessionId} ended: {Status}, {Events} events")]
    private partial void LogEnded(string sessionId, string status, long events);

    [LoggerMessage(1003, LogLevel.Warning, "Session {SessionId}, node {NodeId}: {Code}: {Message}")]
    private partial void LogError(string sessionId, string? nodeId, string code, string message);

    [LoggerMessage(1004, LogLevel.Error, "Session {SessionId} stands still: its log does not work. It goes on by itself once the store works again")]
    private partial void LogStorageFailed(Exception exception, string sessionId);

    [LoggerMessage(1005, LogLevel.Error, "Session {SessionId} stopped here: another writer has appended to its log")]
    private partial void LogConflict(Exception exception, string sessionId);

    [LoggerMessage(1006, LogLevel.Error, "Session {SessionId} ran into a bug and is ended as failed")]
    private partial void LogBug(Exception exception, string sessionId);

    [LoggerMessage(1007, LogLevel.Error, "Session {SessionId} could not be ended as failed; it stays as it is until the gateway starts again")]
    private partial void LogCannotFail(Exception exception, string sessionId);

    [LoggerMessage(1008, LogLevel.Error, "The log of session {SessionId} is damaged; the session ends as failed: {Damage}")]
    private partial void LogDamaged(string sessionId, string damage);
}
