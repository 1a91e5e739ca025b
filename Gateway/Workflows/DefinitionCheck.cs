namespace Gateway.Workflows;

/// <summary>Finds everything that is wrong with the text of a definition, and where it stands.</summary>
/// <param name="validator">Checks what the text says.</param>
/// <param name="modelProblem">What is wrong with a model's name, as a sentence; null when it is configured.</param>
/// <param name="isPriced">Whether a model has a price; null when nobody knows.</param>
internal sealed class DefinitionCheck(WorkflowValidator validator, Func<string?, string?> modelProblem, Func<string?, bool>? isPriced = null)
{
    /// <summary>The types of nodes.</summary>
    public NodeShapes Shapes => validator.Shapes;

    /// <summary>All problems: what could not be read first, then the rest in the order of the definition.</summary>
    public IReadOnlyList<WorkflowFileProblem> Check(WorkflowFile file)
    {
        if (file.Workflow is not { } workflow) return file.Problems;
        return [.. file.Problems, .. Find(workflow).Select(file.Locate)];
    }

    /// <summary>All problems of a definition that is no text, in its order.</summary>
    public IEnumerable<WorkflowProblem> Find(Contracts.WorkflowDefinition workflow) => validator.Validate(workflow).Concat(CheckModels(workflow)).Concat(isPriced is null ? [] : BudgetPrices.Check(Defaults.PutInto(workflow, Shapes), isPriced));

    private IEnumerable<WorkflowProblem> CheckModels(Contracts.WorkflowDefinition workflow)
    {
        if (workflow.Defaults?.Model is { } common && modelProblem(common) is { } reason) yield return new WorkflowProblem("defaults.model", reason);
        foreach (var problem in Fallbacks("defaults.fallback", workflow.Defaults?.Fallback)) yield return problem;
        foreach (var (id, agent) in workflow.Agents ?? new Dictionary<string, Contracts.AgentDefinition>())
        {
            if (agent is not null && modelProblem(agent.Model) is { } message) yield return new WorkflowProblem($"agents.{Naming.Show(id)}.model", message);
        }

        foreach (var (id, node) in workflow.Nodes ?? new Dictionary<string, Contracts.NodeDefinition>())
        {
            foreach (var problem in Fallbacks($"nodes.{Naming.Show(id)}.fallback", node?.Fallback)) yield return problem;
        }
    }

    private IEnumerable<WorkflowProblem> Fallbacks(string path, IReadOnlyList<string>? models)
    {
        foreach (var (index, model) in (models ?? []).Index())
        {
            if (!string.IsNullOrWhiteSpace(model) && modelProblem(model) is { } message) yield return new WorkflowProblem(models!.Count == 1 ? path : $"{path}[{index}]", message);
        }
    }
}
