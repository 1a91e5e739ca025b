using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>Dollars can only be counted of models that have a price.</summary>
internal static class BudgetPrices
{
    /// <summary>What is wrong with budgets in dollars.</summary>
    /// <param name="workflow">A definition, with its defaults put into it.</param>
    /// <param name="isPriced">Whether a model has a price, by its name.</param>
    public static IEnumerable<WorkflowProblem> Check(WorkflowDefinition workflow, Func<string?, bool> isPriced)
    {
        var agents = workflow.Agents ?? new Dictionary<string, AgentDefinition>();
        var ofAny = workflow.Nodes?.Values.Select(node => Fallback(node, isPriced)).FirstOrDefault(found => found is not null);
        if (workflow.Budget?.Usd is not null && (Find(agents, isPriced) ?? ofAny) is { } problem) yield return new WorkflowProblem("budget.usd", problem);
        foreach (var (id, node) in workflow.Nodes ?? new Dictionary<string, NodeDefinition>())
        {
            if (node?.Budget?.Usd is null) continue;

            // What a node without an agent consumes is what its body does, which may be any of them.
            var own = agents.Where(agent => node.Agent is null || agent.Key == ChildWorkflow.Resolve(id, node.Agent));
            if ((Find(own, isPriced) ?? (node.Agent is null ? ofAny : Fallback(node, isPriced))) is { } of) yield return new WorkflowProblem($"nodes.{Naming.Show(id)}.budget.usd", of);
        }
    }

    private static string? Fallback(NodeDefinition? node, Func<string?, bool> isPriced) =>
        node?.Fallback?.FirstOrDefault(model => !isPriced(model)) is not { } model ? null : $"The model '{Naming.Show(model)}' has no price, so its dollars cannot be counted; give it prices for input and output in the settings, or bound tokens.";

    private static string? Find(IEnumerable<KeyValuePair<string, AgentDefinition>> agents, Func<string?, bool> isPriced)
    {
        foreach (var (id, agent) in agents)
        {
            if (agent is null || isPriced(agent.Model)) continue;
            return $"The model of agent '{Naming.Show(id)}' has no price, so its dollars cannot be counted; give the model prices for input and output in the settings, or bound tokens.";
        }

        return null;
    }
}
