using System.Runtime.Serialization;
using System.Text.Json;

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

    /// <summary>The node that changed.</summary>
    [DataMember(Name = "node_id")]
    public required string NodeId { get; init; }

    /// <summary>One of <see cref="NodeStatus"/>.</summary>
    [DataMember(Name = "status")]
    public required string Status { get; init; }

    /// <summary>Which try this is, when above 1; a higher one voids the text of the earlier.</summary>
    [DataMember(Name = "attempt")]
    public int? Attempt { get; init; }

    /// <summary>Which round of a loop this is, when above 1; within a loop in a loop it goes on counting.</summary>
    [DataMember(Name = "iteration")]
    public int? Iteration { get; init; }

    /// <summary>Of a node that stands for an item of a map: which item, from 0.</summary>
    [DataMember(Name = "item")]
    public int? Item { get; init; }

    /// <summary>What the body of a node is given when it begins: the list that a map goes over, the input of a child workflow.</summary>
    [DataMember(Name = "given")]
    public JsonElement? Given { get; init; }

    /// <summary>Of a loop that runs: which round of its body begins, or is under way.</summary>
    [DataMember(Name = "round")]
    public int? Round { get; init; }

    /// <summary>What the node found, as JSON: a vote's count, a loop's exit.</summary>
    [DataMember(Name = "result")]
    public JsonElement? Result { get; init; }

    /// <summary>Where a completed node leads, when that is not everywhere; the other ways are not taken.</summary>
    [DataMember(Name = "next")]
    public IReadOnlyList<string>? Next { get; init; }

    /// <summary>Why this attempt is begun, one of <see cref="AttemptCause"/>; absent when it goes on after an interruption, or the answer of its model did not fit.</summary>
    [DataMember(Name = "cause")]
    public string? Cause { get; init; }

    /// <summary>The model of this attempt, where it is one of the node's fallbacks.</summary>
    [DataMember(Name = "model")]
    public string? Model { get; init; }

    /// <summary>What a running node waits for before it is at work; a change without it tells that it waits no more.</summary>
    [DataMember(Name = "wait")]
    public NodeWait? Wait { get; init; }

    /// <summary>What a suspended node asks of a user.</summary>
    [DataMember(Name = "prompt")]
    public Prompt? Prompt { get; init; }
}
