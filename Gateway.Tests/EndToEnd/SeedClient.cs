using System.Text.Json;
using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.EndToEnd;

/// <summary>What browsers that were written for the seed's gateway do, no more: seven events, no ids, no seq, no session.</summary>
/// <remarks>
/// Half of them read a node's id beside the event and half inside its data. They drop a frame whose event and
/// timestamp they have seen, ignore one without data and one they do not know, and ping every 30 s.
/// </remarks>
internal sealed class SeedClient(RawReader socket, bool readsNodeFromData) : IAsyncDisposable
{
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(30);

    private readonly HashSet<string> _seen = [];
    private ITimer? _heartbeat;

    public Dictionary<string, string> Messages { get; } = [];

    public Dictionary<string, string> NodeStatuses { get; } = [];

    public List<string> ActiveNodes { get; } = [];

    public Dictionary<string, long> OutputTokens { get; } = [];

    public decimal Cost { get; private set; }

    public string ExecutionStatus { get; private set; } = "idle";

    public string? LastError { get; private set; }

    public int Ignored { get; private set; }

    public static async Task<SeedClient> ConnectAsync(GatewayFixture gateway, TimeProvider time, bool readsNodeFromData)
    {
        var client = new SeedClient(await RawReader.ConnectAsync(gateway, "/ws"), readsNodeFromData);
        client._heartbeat = time.CreateTimer(_ => _ = client.CommandAsync("ping"), null, HeartbeatInterval, HeartbeatInterval);
        return client;
    }

    public Task CommandAsync(string command, object? data = null) => socket.SendAsync(JsonSerializer.Serialize(data is null ? new { cmd = command } : (object)new { cmd = command, data }));

    /// <summary>Takes messages until the page shows what is meant.</summary>
    public async Task UntilAsync(Func<SeedClient, bool> shows)
    {
        while (!shows(this)) Route(await socket.NextTextAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_heartbeat is not null) await _heartbeat.DisposeAsync();
        await socket.DisposeAsync();
    }

    private void Route(string text)
    {
        var message = JsonDocument.Parse(text).RootElement;
        if (!message.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Object)
        {
            Ignored++;
            return;
        }

        var name = message.GetProperty("event").GetString()!;
        var key = name + (message.TryGetProperty("timestamp", out var timestamp) ? timestamp.GetString() : null);
        if (!_seen.Add(key)) return;

        switch (name)
        {
            case "token_stream":
                Messages[Node(message, data)] = Messages.GetValueOrDefault(Node(message, data), "") + data.GetProperty("chunk").GetString();
                break;
            case "node_state_change":
                NodeStatuses[Node(message, data)] = data.GetProperty("status").GetString()!;
                break;
            case "node:parallel_start":
                ActiveNodes.AddRange(data.GetProperty("branches").EnumerateArray().Select(b => b.GetString()!));
                break;
            case "token_usage":
                OutputTokens[Node(message, data)] = data.GetProperty("output_tokens").GetInt64();
                Cost += data.GetProperty("estimated_cost_usd").GetDecimal();
                break;
            case "execution:paused":
                ExecutionStatus = "paused";
                break;
            case "execution:completed":
                ExecutionStatus = "completed";
                break;
            case "error":
                LastError = data.GetProperty("error").GetString();
                break;
            default:
                Ignored++;
                break;
        }
    }

    private string Node(JsonElement message, JsonElement data) => (readsNodeFromData ? data : message).GetProperty("node_id").GetString()!;
}
