using System.Runtime.Serialization;
using System.Text.Json;

namespace Gateway.Contracts;

/// <summary>The folded state of one node.</summary>
[DataContract]
public sealed record NodeSnapshot
{
    /// <summary>One of <see cref="NodeStatus"/>.</summary>
    [DataMember(Name = "status")]
    public required string Status { get; init; }

    /// <summary>What the node has said so far in this attempt, without reasoning.</summary>
    [DataMember(Name = "text")]
    public required string Text { get; init; }

    /// <summary>What its model has reasoned so far in this attempt.</summary>
    [DataMember(Name = "thinking")]
    public string? Thinking { get; init; }

    /// <summary>The calls of tools that the node has made in this round of a loop, in order; absent when there are none.</summary>
    [DataMember(Name = "tools")]
    public IReadOnlyList<ToolCall>? Tools { get; init; }

    /// <summary>Which try this is, when above 1.</summary>
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

    /// <summary>Of a loop: which round of its body is under way, or was the last.</summary>
    [DataMember(Name = "round")]
    public int? Round { get; init; }

    /// <summary>What it found, as JSON: a vote's count, a loop's exit.</summary>
    [DataMember(Name = "result")]
    public JsonElement? Result { get; init; }

    /// <summary>Where it leads, once completed, when that is not everywhere.</summary>
    [DataMember(Name = "next")]
    public IReadOnlyList<string>? Next { get; init; }

    /// <summary>The model that is asked, where it is one of the node's fallbacks.</summary>
    [DataMember(Name = "model")]
    public string? Model { get; init; }

    /// <summary>What it waits for before it is at work, while running.</summary>
    [DataMember(Name = "wait")]
    public NodeWait? Wait { get; init; }

    /// <summary>The question it waits on, while suspended.</summary>
    [DataMember(Name = "prompt")]
    public Prompt? Prompt { get; init; }

    /// <summary>How far its budget is used up, where it has one.</summary>
    [DataMember(Name = "budget")]
    public BudgetSnapshot? Budget { get; init; }

    /// <summary>Why it failed.</summary>
    [DataMember(Name = "error")]
    public string? Error { get; init; }

    /// <summary>True when its text was cut at a limit of tokens; absent otherwise.</summary>
    [DataMember(Name = "truncated")]
    public bool? Truncated { get; init; }
}
