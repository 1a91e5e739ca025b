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
        CachedInputTokens = usage.CachedInputTokens is { } cached ? (before.CachedInputTokens ?? 0) + cached : before.CachedInputTokens,
        ReasoningTokens = usage.ReasoningTokens is { } reasoning ? (before.ReasoningTokens ?? 0) + reasoning : before.ReasoningTokens,
        EstimatedCostUsd = before.EstimatedCostUsd + usage.EstimatedCostUsd,
        CostKnown = usage.CostKnown == false ? false : before.CostKnown,
    };

    /// <summary>As <see cref="Of"/>, with what each node and each agent consumed, as a session's own totals have it.</summary>
    public static Totals OfSession(Totals before, TokenUsage usage) => Of(before, usage) with
    {
        Nodes = With(before.Nodes, usage.NodeId, usage),
        Agents = With(before.Agents, usage.AgentId, usage),
    };

    private static Dictionary<string, Totals> With(IReadOnlyDictionary<string, Totals>? before, string id, TokenUsage usage)
    {
        var all = before is null ? new Dictionary<string, Totals>(StringComparer.Ordinal) : new Dictionary<string, Totals>(before, StringComparer.Ordinal);
        all[id] = Of(all.GetValueOrDefault(id, Totals.Zero), usage);
        return all;
    }
}
