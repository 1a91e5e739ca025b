using System.Runtime.Serialization;

namespace Gateway.Contracts;

/// <summary>What one model call of a node consumed.</summary>
[DataContract]
public sealed record TokenUsage : IEventData
{
    /// <inheritdoc/>
    public static string EventName => "token_usage";

    /// <inheritdoc/>
    [DataMember(Name = "session_id")]
    public required string SessionId { get; init; }

    /// <summary>The node that the model worked for.</summary>
    [DataMember(Name = "node_id")]
    public required string NodeId { get; init; }

    /// <summary>The agent that called the model.</summary>
    [DataMember(Name = "agent_id")]
    public required string AgentId { get; init; }

    /// <summary>The model, where it is one of the node's fallbacks.</summary>
    [DataMember(Name = "model")]
    public string? Model { get; init; }

    /// <summary>Tokens read by the model.</summary>
    [DataMember(Name = "input_tokens")]
    public required long InputTokens { get; init; }

    /// <summary>Tokens written by the model, its reasoning included.</summary>
    [DataMember(Name = "output_tokens")]
    public required long OutputTokens { get; init; }

    /// <summary>How many of the tokens read came from a provider's cache; absent when none did, or that is not known.</summary>
    [DataMember(Name = "cached_input_tokens")]
    public long? CachedInputTokens { get; init; }

    /// <summary>How many of the tokens written are reasoning; absent when none is, or that is not known.</summary>
    [DataMember(Name = "reasoning_tokens")]
    public long? ReasoningTokens { get; init; }

    /// <summary>Estimated price in US dollars; 0 with <see cref="CostKnown"/> false when the model has no price.</summary>
    [DataMember(Name = "estimated_cost_usd")]
    public required decimal EstimatedCostUsd { get; init => field = Amount.Normalize(value); }

    /// <summary>False when the model has no configured price; absent otherwise.</summary>
    [DataMember(Name = "cost_known")]
    public bool? CostKnown { get; init; }

    /// <summary>True when the answer was cut at a limit of tokens, the agent's or the model's; absent otherwise.</summary>
    [DataMember(Name = "truncated")]
    public bool? Truncated { get; init; }

    /// <summary>Which round of a loop this is, when above 1; as in the node's last change of status.</summary>
    [DataMember(Name = "iteration")]
    public int? Iteration { get; init; }

    /// <summary>Of a node that stands for an item of a map: which item, from 0.</summary>
    [DataMember(Name = "item")]
    public int? Item { get; init; }
}
