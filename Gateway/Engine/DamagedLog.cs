using Gateway.Contracts;
using Gateway.Log;

namespace Gateway.Engine;

/// <summary>Ends a session whose log cannot be folded, and shows what is left of it.</summary>
internal static class DamagedLog
{
    /// <summary>Ends the session as failed, with the reason, after the last row of its log; publishes that end.</summary>
    /// <exception cref="StorageException">The store does not work; nothing has ended.</exception>
    public static async Task EndAsync(SessionEnvironment environment, string sessionId, DamagedLogException damage, CancellationToken cancellationToken)
    {
        while (true)
        {
            await environment.Log.MendAsync(sessionId, status: null, cancellationToken);
            if (await environment.Log.FindAsync(sessionId, cancellationToken) is not { } entry || SessionStatus.IsFinal(entry.Status)) return;

            var events = End(entry, damage, environment.Time.GetUtcNow().UtcDateTime);
            try
            {
                await environment.Log.AppendAsync(sessionId, entry.LastSeq, events, SessionStatus.Failed, cancellationToken);
            }
            catch (LogConflictException)
            {
                // Another writer ends the session at the same moment; its end is looked for again.
                continue;
            }

            environment.Publisher.Publish(events);
            return;
        }
    }

    /// <summary>What can still be seen: the session's status and end, and the fold of the events before the damage.</summary>
    public static SessionSnapshot Snapshot(SessionEntry entry, SessionState? state, DamagedLogException damage)
    {
        var readable = state?.ToSnapshot() ?? new SessionSnapshot
        {
            SessionId = entry.SessionId,
            WorkflowId = entry.WorkflowId,
            Status = entry.Status,
            LastSeq = 0,
            CreatedAt = entry.CreatedAt,
            Nodes = new Dictionary<string, NodeSnapshot>(),
            UserMessages = [],
            HeldInputs = [],
            Totals = Totals.Zero,
        };
        return readable with { Status = entry.Status, PauseReason = null, LastSeq = entry.LastSeq, Error = Sentence(damage), ErrorCode = ErrorCode.LogDamaged };
    }

    private static string Sentence(DamagedLogException damage) => $"The session's log cannot be replayed: {damage.Message}";

    private static IReadOnlyList<LoggedEvent> End(SessionEntry entry, DamagedLogException damage, DateTime now)
    {
        var time = now > entry.UpdatedAt ? now : entry.UpdatedAt.AddTicks(1);
        return
        [
            new(new SessionEvent<ExecutionError>
            {
                Seq = entry.LastSeq + 1,
                Timestamp = time,
                Data = new ExecutionError { SessionId = entry.SessionId, Code = ErrorCode.LogDamaged, Error = Sentence(damage) },
            }),
            new(new SessionEvent<ExecutionCompleted>
            {
                Seq = entry.LastSeq + 2,
                Timestamp = time.AddTicks(1),
                Data = new ExecutionCompleted { SessionId = entry.SessionId, Status = SessionStatus.Failed, Totals = Totals.Zero },
            }),
        ];
    }
}
