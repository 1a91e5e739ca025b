using System.Runtime.Serialization;

namespace Gateway.Contracts;

/// <summary>The session ended; always its last event, exactly once.</summary>
[DataContract]
public sealed record ExecutionCompleted : IEventData
{
    /// <inheritdoc/>
    public static string EventName => "execution:completed";

    /// <inheritdoc/>
    [DataMember(Name = "session_id")]
    public required string SessionId { get; init; }

    /// <summary>Always null: the end concerns the whole session.</summary>
    [IgnoreDataMember, System.Text.Json.Serialization.JsonIgnore]
    public string? NodeId => null;

    /// <summary><c>completed</c>, <c>failed</c> or <c>cancelled</c>; see <see cref="SessionStatus"/>.</summary>
    [DataMember(Name = "status")]
    public required string Status { get; init; }

    /// <summary>The text that reached the end; null when nothing did.</summary>
    [DataMember(Name = "output")]
    public string? Output { get; init; }

    /// <summary>What the whole session consumed.</summary>
    [DataMember(Name = "totals")]
    public required Totals Totals { get; init; }
}
