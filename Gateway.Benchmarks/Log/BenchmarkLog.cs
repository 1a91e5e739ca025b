using Gateway.Contracts;
using Gateway.Log;
using Gateway.Log.Sqlite;
using Gateway.Log.Sqlite.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Benchmarks.Log;

/// <summary>A SQLite log in a folder of its own, and events of the usual size for it.</summary>
internal sealed class BenchmarkLog : IAsyncDisposable
{
    private static readonly DateTime Start = new(2026, 11, 22, 10, 0, 0, DateTimeKind.Utc);
    private readonly string _folder;

    public BenchmarkLog(string root, LogDurability durability)
    {
        _folder = Directory.CreateDirectory(Path.Combine(root, $"gateway-log-{Guid.NewGuid():N}")).FullName;
        Log = new SqliteSessionLog(new SqliteLogOptions { Path = Path.Combine(_folder, "gateway.db"), Durability = durability }, NullLogger<SqliteSessionLog>.Instance);
    }

    public SqliteSessionLog Log { get; }

    public string File => Path.Combine(_folder, "gateway.db");

    public Task CreateAsync(string sessionId) => Log.CreateAsync(
        new SessionHeader
        {
            SessionId = sessionId,
            WorkflowId = "debate",
            Workflow = new WorkflowDefinition { Id = "debate", Name = "Debate", Description = new string('d', 500) },
            Input = "Is it worth it?",
            Fingerprint = "f",
            CreatedAt = Start,
        },
        CancellationToken.None);

    /// <summary>A token of about 180 bytes as JSON.</summary>
    public static SessionEvent Token(string sessionId, long seq) => new SessionEvent<TokenStream>
    {
        Seq = seq,
        Timestamp = Start.AddTicks(seq),
        NodeId = "pro",
        Data = new TokenStream { SessionId = sessionId, NodeId = "pro", AgentId = "lawyer", Chunk = " a", IsThinking = false },
    };

    public static SessionEvent Completed(string sessionId, long seq) => new SessionEvent<ExecutionCompleted>
    {
        Seq = seq,
        Timestamp = Start.AddTicks(seq),
        Data = new ExecutionCompleted { SessionId = sessionId, Status = SessionStatus.Completed, Output = "done", Totals = Totals.Zero },
    };

    public async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
