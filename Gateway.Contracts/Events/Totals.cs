using System.Runtime.Serialization;

namespace Gateway.Contracts;

/// <summary>What a session has consumed, summed over its <see cref="TokenUsage"/> events.</summary>
[DataContract]
public sealed record Totals
{
    /// <summary>Tokens read by all models.</summary>
    [DataMember(Name = "input_tokens")]
    public required long InputTokens { get; init; }

    /// <summary>Tokens written by all models.</summary>
    [DataMember(Name = "output_tokens")]
    public required long OutputTokens { get; init; }

    /// <summary>How many of the tokens read came from a provider's cache; absent when none did, or that is not known.</summary>
    [DataMember(Name = "cached_input_tokens")]
    public long? CachedInputTokens { get; init; }

    /// <summary>How many of the tokens written are reasoning; absent when none is, or that is not known.</summary>
    [DataMember(Name = "reasoning_tokens")]
    public long? ReasoningTokens { get; init; }

    /// <summary>Estimated price in US dollars of the calls whose model has a price.</summary>
    [DataMember(Name = "estimated_cost_usd")]
    public required decimal EstimatedCostUsd { get; init => field = Amount.Normalize(value); }

    /// <summary>False when a call's model has no configured price; absent otherwise.</summary>
    [DataMember(Name = "cost_known")]
    public bool? CostKnown { get; init; }

    /// <summary>Of a session: what each node consumed, in the order of their first calls; absent when none did.</summary>
    [DataMember(Name = "nodes")]
    public IReadOnlyDictionary<string, Totals>? Nodes { get; init; }

    /// <summary>Of a session: what each agent consumed, in the order of their first calls; absent when none did.</summary>
    [DataMember(Name = "agents")]
    public IReadOnlyDictionary<string, Totals>? Agents { get; init; }

    /// <summary>Whether the same was consumed, by the same nodes and agents.</summary>
    public bool Equals(Totals? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && (InputTokens, OutputTokens, CachedInputTokens, ReasoningTokens, EstimatedCostUsd, CostKnown) == (other.InputTokens, other.OutputTokens, other.CachedInputTokens, other.ReasoningTokens, other.EstimatedCostUsd, other.CostKnown)
            && AreSame(Nodes, other.Nodes)
            && AreSame(Agents, other.Agents));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(InputTokens, OutputTokens, EstimatedCostUsd, CostKnown);

    private static bool AreSame(IReadOnlyDictionary<string, Totals>? one, IReadOnlyDictionary<string, Totals>? other) =>
        one?.Count == other?.Count && (one is null || one.All(entry => other!.TryGetValue(entry.Key, out var same) && entry.Value.Equals(same)));

    /// <summary>Nothing consumed.</summary>
    public static Totals Zero { get; } = new() { InputTokens = 0, OutputTokens = 0, EstimatedCostUsd = 0 };
}
