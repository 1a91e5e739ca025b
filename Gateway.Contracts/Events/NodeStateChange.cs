using System.Runtime.Serialization;

namespace Gateway.Contracts;

/// <summary>A node changed its status.</summary>
[DataContract]
public sealed record NodeStateChange : IEventData
{
    /// <inheritdoc/>
    public static string EventName => "node_state_change";

    /// <inheritdoc/>
    [DataMember(Name = "session_id")]
    public required string SessionId { get; init; }

    /// <inheritdoc/>
    [DataMember(Name = "node_id")]
    public required string NodeId { get; init; }

    /// <summary>One of <see cref="NodeStatus"/>.</summary>
    [DataMember(Name = "status")]
    public required string Status { get; init; }

    /// <summary>Which try this is, when above 1; a higher one voids the text of the earlier.</summary>
    [DataMember(Name = "attempt")]
    public int? Attempt { get; init; }

    /// <summary>Which round of a loop this is, when above 1.</summary>
    [DataMember(Name = "iteration")]
    public int? Iteration { get; init; }

    /// <summary>What a suspended node asks of a user.</summary>
    [DataMember(Name = "prompt")]
    public Prompt? Prompt { get; init; }
}
