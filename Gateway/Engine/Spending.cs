using Gateway.Contracts;

namespace Gateway.Engine;

/// <summary>What a session has consumed: together, by node and by agent.</summary>
internal sealed class Spending
{
    private readonly Dictionary<string, Totals> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Totals> _agents = new(StringComparer.Ordinal);

    /// <summary>All together, without nodes and agents.</summary>
    public Totals Sum { get; private set; } = Totals.Zero;

    /// <summary>All together, with what each node and each agent consumed.</summary>
    /// <remarks>Made when it is asked for: with each call of a loop's model it would cost as much as there are nodes.</remarks>
    public Totals Whole => _nodes.Count == 0 ? Sum : Sum with { Nodes = new Dictionary<string, Totals>(_nodes, StringComparer.Ordinal), Agents = new Dictionary<string, Totals>(_agents, StringComparer.Ordinal) };

    /// <summary>Adds a call.</summary>
    public void Add(TokenUsage usage)
    {
        Sum = Plus(Sum, usage);
        _nodes[usage.NodeId] = Plus(_nodes.GetValueOrDefault(usage.NodeId, Totals.Zero), usage);
        _agents[usage.AgentId] = Plus(_agents.GetValueOrDefault(usage.AgentId, Totals.Zero), usage);
    }

    /// <summary>Takes over what a snapshot tells.</summary>
    public void Restore(Totals totals)
    {
        Sum = totals with { Nodes = null, Agents = null };
        foreach (var (id, node) in totals.Nodes ?? new Dictionary<string, Totals>()) _nodes[id] = node;
        foreach (var (id, agent) in totals.Agents ?? new Dictionary<string, Totals>()) _agents[id] = agent;
    }

    private static Totals Plus(Totals before, TokenUsage usage) => new()
    {
        InputTokens = before.InputTokens + usage.InputTokens,
        OutputTokens = before.OutputTokens + usage.OutputTokens,
        CachedInputTokens = usage.CachedInputTokens is { } cached ? (before.CachedInputTokens ?? 0) + cached : before.CachedInputTokens,
        ReasoningTokens = usage.ReasoningTokens is { } reasoning ? (before.ReasoningTokens ?? 0) + reasoning : before.ReasoningTokens,
        EstimatedCostUsd = before.EstimatedCostUsd + usage.EstimatedCostUsd,
        CostKnown = usage.CostKnown == false ? false : before.CostKnown,
    };
}
