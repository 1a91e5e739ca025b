using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Log;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gateway.Tests.Infrastructure;

/// <summary>A session without an engine: what a test says is what is logged and published.</summary>
internal sealed class TestSession(IServiceProvider services, string id)
{
    private static readonly DateTime Start = new(2026, 11, 22, 10, 0, 0, DateTimeKind.Utc);

    private readonly ISessionLog _log = services.GetRequiredService<ISessionLog>();
    private readonly ISessionPublisher _publisher = services.GetRequiredService<ISessionPublisher>();

    public string Id { get; } = id;

    public long LastSeq { get; private set; }

    public static async Task<TestSession> CreateAsync(IServiceProvider services, string? id = null)
    {
        // A recovery that finds the session in the log would run it.
        var recovery = services.GetServices<IHostedService>().OfType<SessionRecovery>().Single();
        await recovery.Attempted.WaitAsync(TimeSpan.FromSeconds(30));
        var session = new TestSession(services, id ?? $"t-{Guid.NewGuid():N}");
        var existing = await session._log.CreateAsync(
            new SessionHeader
            {
                SessionId = session.Id,
                WorkflowId = "test",
                Workflow = new WorkflowDefinition
                {
                    Id = "test",
                    Agents = new Dictionary<string, AgentDefinition> { ["a1"] = new() },
                    Nodes = new Dictionary<string, NodeDefinition>
                    {
                        ["start"] = new() { Type = NodeType.Start, Next = ["n1"] },
                        ["n1"] = new() { Type = NodeType.Agent, Agent = "a1", Next = ["end"] },
                        ["end"] = new() { Type = NodeType.End },
                    },
                },
                Input = "",
                Fingerprint = "",
                CreatedAt = Start,
            },
            CancellationToken.None);
        if (existing is not null) throw new InvalidOperationException($"'{session.Id}' exists.");
        return session;
    }

    /// <summary>Logs and publishes so many tokens; returns the events.</summary>
    public Task<IReadOnlyList<SessionEvent>> SayAsync(int count, string node = "n1", string text = "tok") =>
        PublishAsync([.. Enumerable.Range(0, count).Select(i => Token(LastSeq + 1 + i, node, $"{text}{LastSeq + 1 + i} "))]);

    /// <summary>Logs and publishes the session's end.</summary>
    public Task<IReadOnlyList<SessionEvent>> EndAsync() => PublishAsync([End(LastSeq + 1)]);

    /// <summary>Logs a token and the session's end without publishing them.</summary>
    public async Task<IReadOnlyList<SessionEvent>> LogEndOnlyAsync()
    {
        List<SessionEvent> events = [Token(LastSeq + 1, "n1", "x"), End(LastSeq + 2)];
        await AppendAsync(events);
        return events;
    }

    /// <summary>Logs events without publishing them.</summary>
    public async Task<IReadOnlyList<SessionEvent>> LogOnlyAsync(int count)
    {
        var events = Enumerable.Range(0, count).Select(i => (SessionEvent)Token(LastSeq + 1 + i, "n1", "x")).ToList();
        await AppendAsync(events);
        return events;
    }

    private async Task<IReadOnlyList<SessionEvent>> PublishAsync(List<SessionEvent> events)
    {
        await AppendAsync(events);
        _publisher.Publish(events);
        return events;
    }

    private async Task AppendAsync(List<SessionEvent> events)
    {
        var status = events[^1] is SessionEvent<ExecutionCompleted> e ? e.Data.Status : SessionStatus.Running;
        await _log.AppendAsync(Id, LastSeq, events, status, CancellationToken.None);
        LastSeq += events.Count;
    }

    private SessionEvent<ExecutionCompleted> End(long seq) => new()
    {
        Seq = seq,
        Timestamp = Start.AddTicks(seq),
        Data = new ExecutionCompleted { SessionId = Id, Status = SessionStatus.Completed, Output = "done", Totals = Totals.Zero },
    };

    private SessionEvent<TokenStream> Token(long seq, string node, string chunk) => new()
    {
        Seq = seq,
        Timestamp = Start.AddTicks(seq),
        NodeId = node,
        Data = new TokenStream { SessionId = Id, NodeId = node, AgentId = "a1", Chunk = chunk, IsThinking = false },
    };
}
