using Gateway.Contracts;
using Gateway.Log;
using Xunit;

namespace Gateway.Tests.Doors.Http;

/// <summary>Puts sessions with events into a log.</summary>
internal static class Sessions
{
    private static readonly DateTime Start = new(2026, 11, 22, 10, 0, 0, DateTimeKind.Utc);

    /// <summary>A session with so many events; the last is its end when <paramref name="status"/> is final.</summary>
    public static async Task<IReadOnlyList<SessionEvent>> AddAsync(this ISessionLog log, string id, int events = 0, string status = SessionStatus.Running)
    {
        await log.CreateAsync(
            new SessionHeader { SessionId = id, WorkflowId = "quick-answer", Workflow = new WorkflowDefinition(), Input = "", Fingerprint = "", CreatedAt = Start },
            TestContext.Current.CancellationToken);
        var list = Enumerable.Range(1, events).Select(seq => seq == events && SessionStatus.IsFinal(status) ? End(id, seq, status) : Token(id, seq)).ToList();
        if (list.Count > 0) await log.AppendAsync(id, 0, list, status, TestContext.Current.CancellationToken);
        return list;
    }

    public static SessionEvent Token(string id, long seq) => new SessionEvent<TokenStream>
    {
        Timestamp = Start.AddTicks(seq),
        Seq = seq,
        NodeId = "answer",
        Data = new TokenStream { SessionId = id, NodeId = "answer", AgentId = "helper", Chunk = $"línea\r\n{seq} ", IsThinking = false },
    };

    public static SessionEvent End(string id, long seq, string status = SessionStatus.Completed) => new SessionEvent<ExecutionCompleted>
    {
        Timestamp = Start.AddTicks(seq),
        Seq = seq,
        Data = new ExecutionCompleted { SessionId = id, Status = status, Totals = Totals.Zero },
    };
}
