using Gateway.Contracts;
using Gateway.Log;
using Xunit;

namespace Gateway.Tests.Log;

/// <summary>Headers and events for tests of logs.</summary>
internal static class Sample
{
    public static readonly DateTime Start = new(2026, 11, 22, 10, 0, 0, DateTimeKind.Utc);

    public static SessionHeader Header(string sessionId, string workflowId = "debate", string input = "Is it worth it?") => new()
    {
        SessionId = sessionId,
        WorkflowId = workflowId,
        Workflow = new WorkflowDefinition
        {
            Id = workflowId,
            Agents = new Dictionary<string, AgentDefinition> { ["lawyer"] = new() { Instructions = "Ünïcode \"quotes\" 🎈", Model = "scripted" } },
            Nodes = new Dictionary<string, NodeDefinition>
            {
                ["start"] = new() { Type = NodeType.Start, Next = ["pro", "contra"] },
                ["end"] = new() { Type = NodeType.End },
            },
        },
        Input = input,
        Fingerprint = "fingerprint-of-" + sessionId,
        CreatedAt = Start.AddTicks(7),
    };

    public static SessionEvent<TokenStream> Token(string sessionId, long seq, string chunk = "Hel", string? node = "pro", string agent = "lawyer", bool thinking = false) => new()
    {
        Seq = seq,
        Timestamp = Start.AddTicks(seq),
        NodeId = node,
        Data = new TokenStream { SessionId = sessionId, NodeId = node, AgentId = agent, Chunk = chunk, IsThinking = thinking },
    };

    public static SessionEvent<NodeStateChange> State(string sessionId, long seq, string node, string status, int? attempt = null) => new()
    {
        Seq = seq,
        Timestamp = Start.AddTicks(seq),
        NodeId = node,
        Data = new NodeStateChange { SessionId = sessionId, NodeId = node, Status = status, Attempt = attempt },
    };

    public static SessionEvent<ExecutionCompleted> End(string sessionId, long seq, DateTime? at = null) => new()
    {
        Seq = seq,
        Timestamp = at ?? Start.AddTicks(seq),
        Data = new ExecutionCompleted { SessionId = sessionId, Status = SessionStatus.Completed, Output = "Done.", Totals = Totals.Zero },
    };

    public static IReadOnlyList<SessionEvent> Tokens(string sessionId, long afterSeq, int count) =>
        [.. Enumerable.Range(1, count).Select(i => Token(sessionId, afterSeq + i, $"token {afterSeq + i} "))];

    /// <summary>Creates a session with so many tokens.</summary>
    public static async Task FillAsync(this ISessionLog log, string sessionId, int count)
    {
        Assert.Null(await log.CreateAsync(Header(sessionId), TestContext.Current.CancellationToken));
        if (count > 0) await log.AppendAsync(sessionId, 0, Tokens(sessionId, 0, count), SessionStatus.Running, TestContext.Current.CancellationToken);
    }

    /// <summary>Creates a session that has ended, with these events before its end.</summary>
    public static async Task FinishAsync(this ISessionLog log, string sessionId, IReadOnlyList<SessionEvent> events, DateTime? at = null)
    {
        Assert.Null(await log.CreateAsync(Header(sessionId), TestContext.Current.CancellationToken));
        await log.AppendAsync(sessionId, 0, [.. events, End(sessionId, events.Count + 1, at)], SessionStatus.Completed, TestContext.Current.CancellationToken);
    }

    /// <summary>All events after a seq, read in windows.</summary>
    public static async Task<List<LoggedEvent>> ReadAllAsync(this ISessionLog log, string sessionId, long afterSeq = 0, int window = 100)
    {
        var all = new List<LoggedEvent>();
        while (true)
        {
            var events = await log.ReadAsync(sessionId, all.Count == 0 ? afterSeq : all[^1].Seq, window, TestContext.Current.CancellationToken);
            if (events.Count == 0) return all;
            all.AddRange(events);
        }
    }
}
