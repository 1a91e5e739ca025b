using System.Text.Json;

namespace Gateway.Tests.EndToEnd;

/// <summary>An event as a client that knows nothing but the wire contract sees it.</summary>
/// <remarks>MessagePack has nil for what JSON leaves out; both are null here.</remarks>
public sealed record Frame(JsonElement Json)
{
    public string Event => Text(Json, "event")!;

    public string Timestamp => Text(Json, "timestamp")!;

    public long Seq => Json.GetProperty("seq").GetInt64();

    public string? NodeId => Text(Json, "node_id");

    public JsonElement Data => Json.GetProperty("data");

    public string SessionId => this["session_id"]!;

    /// <summary>A text of the data; null when it is absent.</summary>
    public string? this[string member] => Text(Data, member);

    public bool Is(string name) => Event == name;

    public bool IsStatus(string status) => Is("node_state_change") && this["status"] == status;

    /// <summary>In short, such as <c>a running</c> or <c>a: text</c>.</summary>
    public string Gist => Event switch
    {
        "token_stream" => $"{NodeId ?? this["agent_id"]}: {this["chunk"]}",
        "node_state_change" => $"{NodeId} {this["status"]}",
        "node:parallel_start" => $"{NodeId} forks",
        "token_usage" => $"{NodeId} usage",
        "execution:paused" => $"paused {this["reason"]}",
        "execution:completed" => $"session {this["status"]}",
        "error" => $"error {NodeId} {this["code"]}",
        _ => Event,
    };

    private static string? Text(JsonElement element, string member) =>
        element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
