using Gateway.Contracts;
using Gateway.Log;

namespace Gateway.Engine;

/// <summary>Ends a session whose log can be appended to but not folded.</summary>
internal static class DamagedLog
{
    private const int PageSize = 1000;

    /// <summary>Where the log ends: its last seq and the time of that event.</summary>
    /// <exception cref="DamagedLogException">Neither the session's entry nor its events can be read.</exception>
    public static async Task<(long LastSeq, DateTime UpdatedAt)> FindEndAsync(ISessionLog log, string sessionId, CancellationToken cancellationToken)
    {
        try
        {
            if (await log.FindAsync(sessionId, cancellationToken) is { } entry) return (entry.LastSeq, entry.UpdatedAt);
        }
        catch (DamagedLogException)
        {
            // Then it is the header that is damaged, and the events tell.
        }

        var (lastSeq, updatedAt) = (0L, DateTime.MinValue);
        while (await log.ReadAsync(sessionId, lastSeq, PageSize, cancellationToken) is [.., var last]) (lastSeq, updatedAt) = (last.Seq, last.Event.Timestamp);
        return (lastSeq, updatedAt);
    }

    /// <summary>The session's last two events: the reason and the end.</summary>
    public static IReadOnlyList<SessionEvent> End(string sessionId, long lastSeq, DateTime updatedAt, string reason, DateTime now)
    {
        var time = now > updatedAt ? now : updatedAt.AddTicks(1);
        return
        [
            new SessionEvent<ExecutionError>
            {
                Seq = lastSeq + 1,
                Timestamp = time,
                Data = new ExecutionError { SessionId = sessionId, Code = ErrorCode.LogDamaged, Error = $"The session's log cannot be replayed: {reason}" },
            },
            new SessionEvent<ExecutionCompleted>
            {
                Seq = lastSeq + 2,
                Timestamp = time.AddTicks(1),
                Data = new ExecutionCompleted { SessionId = sessionId, Status = SessionStatus.Failed, Totals = Totals.Zero },
            },
        ];
    }
}
