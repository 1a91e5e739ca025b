using System.Text.Json.Serialization;

namespace Gateway.Contracts;

/// <summary>What <c>/ws</c> answers to a connection's own frame: <c>pong</c>, <c>ack</c> or <c>error</c>.</summary>
/// <remarks>Unlike an event of a session it carries no <c>seq</c>.</remarks>
public sealed record ReplyFrame
{
    /// <summary><c>pong</c>, <c>ack</c> or <c>error</c>.</summary>
    [JsonPropertyOrder(0)]
    public required string Event { get; init; }

    /// <summary>The <c>id</c> of the command it answers, when that had one.</summary>
    [JsonPropertyOrder(1)]
    public string? Id { get; init; }

    /// <summary>UTC time of the answer.</summary>
    [JsonPropertyOrder(2), JsonConverter(typeof(WireTimestampConverter))]
    public required DateTime Timestamp { get; init; }

    /// <summary>The answer; an empty object for <c>pong</c>.</summary>
    [JsonPropertyOrder(3)]
    public required ReplyData Data { get; init; }
}
