using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>The models that are asked where the one before has failed.</summary>
internal static class NodeFallback
{
    private const int Most = 8;

    /// <summary>The model that is asked after another one; null when there is none left.</summary>
    /// <param name="node">The node.</param>
    /// <param name="model">The fallback that has failed; null: the agent's own model has.</param>
    public static string? After(NodeDefinition node, string? model)
    {
        if (node.Fallback is not { Count: > 0 } models) return null;
        return model is null ? models[0] : models.SkipWhile(name => name != model).Skip(1).FirstOrDefault();
    }

    /// <summary>Reports what is wrong with the <c>fallback</c> of a node of a type.</summary>
    public static void Check(NodeCheck check, NodeRules rules)
    {
        if (check.Definition.Fallback is not { } models) return;
        if (rules.Work == WorkUse.Model) CheckValues(check.Report, "fallback", models);
        else check.Report("fallback", $"A node of type '{check.Definition.Type}' asks no model; take it out.");
    }

    /// <summary>Reports what is wrong with a list of models, wherever it stands.</summary>
    public static void CheckValues(Action<string, string> report, string key, IReadOnlyList<string> models)
    {
        if (models.Count is 0 or > Most) report(key, $"There are 1 to {Most} models to fall back on; without the key there is none.");
        foreach (var (index, model) in models.Take(Most).Index())
        {
            var path = models.Count == 1 ? key : $"{key}[{index}]";
            if (string.IsNullOrWhiteSpace(model)) report(path, "The entry is empty; name a model.");
            else if (models.Take(index).Contains(model)) report(path, $"'{Naming.Show(model)}' stands here twice; a model is asked once.");
        }
    }
}
