using System.Text.Json.Serialization;

namespace Gateway.Contracts;

/// <summary>A line of the list of sessions.</summary>
public sealed record SessionSummary
{
    /// <summary>The session.</summary>
    public required string SessionId { get; init; }

    /// <summary>The workflow it runs.</summary>
    public required string WorkflowId { get; init; }

    /// <summary>One of <see cref="SessionStatus"/>.</summary>
    public required string Status { get; init; }

    /// <summary>Its last event; 0 before the first.</summary>
    public required long LastSeq { get; init; }

    /// <summary>When it was started, UTC.</summary>
    [JsonConverter(typeof(WireTimestampConverter))]
    public required DateTime CreatedAt { get; init; }

    /// <summary>Time of its last event, UTC.</summary>
    [JsonConverter(typeof(WireTimestampConverter))]
    public required DateTime UpdatedAt { get; init; }
}
