using Gateway.Contracts;

namespace Gateway.Client.Stores;

/// <summary>Adds up what model calls consumed.</summary>
internal static class Sum
{
    /// <summary>Once one price is unknown, the price of the sum is.</summary>
    public static Totals Of(Totals before, TokenUsage usage) => new()
    {
        InputTokens = before.InputTokens + usage.InputTokens,
        OutputTokens = before.OutputTokens + usage.OutputTokens,
        EstimatedCostUsd = before.EstimatedCostUsd + usage.EstimatedCostUsd,
        CostKnown = usage.CostKnown == false ? false : before.CostKnown,
    };
}
