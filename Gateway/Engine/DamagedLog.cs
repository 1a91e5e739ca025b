using Gateway.Contracts;
using Gateway.Log;

namespace Gateway.Engine;

/// <summary>Ends a session whose log can be appended to but not folded.</summary>
internal static class DamagedLog
{
    /// <summary>The session's last two events: the reason and the end.</summary>
    public static IReadOnlyList<SessionEvent> End(SessionEntry entry, string reason, DateTime now)
    {
        var sessionId = entry.Header.SessionId;
        var time = now > entry.UpdatedAt ? now : entry.UpdatedAt.AddTicks(1);
        return
        [
            new SessionEvent<ExecutionError>
            {
                Seq = entry.LastSeq + 1,
                Timestamp = time,
                Data = new ExecutionError { SessionId = sessionId, Code = ErrorCode.LogDamaged, Error = $"The session's log cannot be replayed: {reason}" },
            },
            new SessionEvent<ExecutionCompleted>
            {
                Seq = entry.LastSeq + 2,
                Timestamp = time.AddTicks(1),
                Data = new ExecutionCompleted { SessionId = sessionId, Status = SessionStatus.Failed, Totals = Totals.Zero },
            },
        ];
    }
}
