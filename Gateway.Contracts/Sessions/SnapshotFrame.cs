using System.Text.Json.Serialization;

namespace Gateway.Contracts;

/// <summary>The frame a snapshot subscription on <c>/ws</c> starts with; the events after <see cref="Seq"/> follow.</summary>
public sealed record SnapshotFrame
{
    /// <summary>Always <c>snapshot</c>.</summary>
    [JsonPropertyOrder(0)]
    public required string Event { get; init; }

    /// <summary>UTC time of the answer.</summary>
    [JsonPropertyOrder(1), JsonConverter(typeof(WireTimestampConverter))]
    public required DateTime Timestamp { get; init; }

    /// <summary>The last event folded in.</summary>
    [JsonPropertyOrder(2)]
    public required long Seq { get; init; }

    /// <summary>The folded state.</summary>
    [JsonPropertyOrder(3)]
    public required SessionSnapshot Data { get; init; }
}
