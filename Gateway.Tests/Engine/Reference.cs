using Gateway.Contracts;

namespace Gateway.Tests.Engine;

/// <summary>What becomes of each node when nobody cancels, defined without any notion of order or time.</summary>
internal static class Reference
{
    public static IReadOnlyDictionary<string, string> Evaluate(WorkflowDefinition workflow, Func<string, bool> fails)
    {
        var known = new Dictionary<string, string>();
        foreach (var id in workflow.Nodes!.Keys) Of(id);
        return known;

        string Of(string id)
        {
            if (known.TryGetValue(id, out var status)) return status;
            var sources = workflow.Nodes.Where(n => n.Value.Next?.Contains(id) == true).Select(n => Of(n.Key)).ToList();
            var reached = sources.Count == 0 || sources.Contains(NodeStatus.Completed);
            return known[id] = !reached ? NodeStatus.Skipped : fails(id) ? NodeStatus.Failed : NodeStatus.Completed;
        }
    }
}
