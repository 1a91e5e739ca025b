using System.Globalization;
using Gateway.Contracts;
using Gateway.Log;
using Gateway.Log.Sqlite;
using Gateway.Log.Sqlite.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Benchmarks.Recovery;

/// <summary>Writes the files that gateways start on: sessions cut off in mid-sentence, and finished ones.</summary>
internal static class RecoveryFile
{
    private const int AtOnce = 200;

    private static readonly DateTime Start = new(2026, 11, 22, 10, 0, 0, DateTimeKind.Utc);

    private static readonly WorkflowDefinition Workflow = new()
    {
        Id = "debate",
        Agents = new Dictionary<string, AgentDefinition>
        {
            ["pro"] = new() { Name = "Pro", Instructions = new string('i', 400) },
            ["con"] = new() { Name = "Con", Instructions = new string('i', 400) },
        },
        Nodes = new Dictionary<string, NodeDefinition>
        {
            ["start"] = new() { Type = NodeType.Start, Next = ["pro"] },
            ["pro"] = new() { Type = NodeType.Agent, Agent = "pro", Next = ["con"] },
            ["con"] = new() { Type = NodeType.Agent, Agent = "con", Next = ["end"] },
            ["end"] = new() { Type = NodeType.End },
        },
    };

    /// <summary>Writes so many sessions of so many events to a file.</summary>
    public static async Task WriteAsync(string path, int sessions, int events, bool finished)
    {
        await using var log = new SqliteSessionLog(new SqliteLogOptions { Path = path }, NullLogger<SqliteSessionLog>.Instance);
        foreach (var chunk in Enumerable.Range(1, sessions).Chunk(AtOnce))
        {
            await Task.WhenAll(chunk.Select(async number =>
            {
                var id = string.Create(CultureInfo.InvariantCulture, $"s-{number}");
                await log.CreateAsync(
                    new SessionHeader { SessionId = id, WorkflowId = "debate", Workflow = Workflow, Input = "Is it worth it?", Fingerprint = "f", CreatedAt = Start },
                    CancellationToken.None);
                var story = Tell(id, events, finished);
                await log.AppendAsync(id, 0, [.. story.Select(e => new LoggedEvent(e))], finished ? SessionStatus.Completed : SessionStatus.Running, CancellationToken.None);
            }));
        }
    }

    private static List<SessionEvent> Tell(string id, int count, bool finished)
    {
        var events = new List<SessionEvent>();
        foreach (var node in new[] { "pro", "con", "end" }) Add(State(node, NodeStatus.Pending));
        Add(State("start", NodeStatus.Running));
        Add(State("start", NodeStatus.Completed));
        Add(State("pro", NodeStatus.Running));
        while (events.Count < count / 2) Add(Token("pro"));
        Add(new TokenUsage { SessionId = id, NodeId = "pro", AgentId = "pro", InputTokens = 100, OutputTokens = count / 2, EstimatedCostUsd = 0.001m });
        Add(State("pro", NodeStatus.Completed));
        Add(State("con", NodeStatus.Running));
        while (events.Count < count - 1) Add(Token("con"));
        if (finished) Add(new ExecutionCompleted { SessionId = id, Status = SessionStatus.Completed, Output = "done", Totals = Totals.Zero });
        else Add(Token("con"));
        return events;

        void Add<TData>(TData data)
            where TData : class, IEventData =>
            events.Add(new SessionEvent<TData> { Seq = events.Count + 1, Timestamp = Start.AddTicks(events.Count + 1), NodeId = data.NodeId, Data = data });

        NodeStateChange State(string node, string status) => new() { SessionId = id, NodeId = node, Status = status };

        TokenStream Token(string node) => new() { SessionId = id, NodeId = node, AgentId = node, Chunk = " token", IsThinking = false };
    }
}
