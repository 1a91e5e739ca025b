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

    /// <summary>Estimated price in US dollars of the calls whose model has a price.</summary>
    [DataMember(Name = "estimated_cost_usd")]
    public required decimal EstimatedCostUsd { get; init => field = Amount.Normalize(value); }

    /// <summary>False when a call's model has no configured price; absent otherwise.</summary>
    [DataMember(Name = "cost_known")]
    public bool? CostKnown { get; init; }

    /// <summary>Nothing consumed.</summary>
    public static Totals Zero { get; } = new() { InputTokens = 0, OutputTokens = 0, EstimatedCostUsd = 0 };
}
