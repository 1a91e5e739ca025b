using Gateway.Contracts;
using Gateway.Tests.Engine.OwnKinds;

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
            var node = workflow.Nodes[id];
            var sources = workflow.Nodes.Where(n => n.Value.Next?.Contains(id) == true).ToList();
            var arrived = sources.Count(n => Of(n.Key) == NodeStatus.Completed && (n.Value.Type != Route.TypeName || Route.To(n.Value) == id));
            var skipped = sources.Count > 0 && arrived == 0;

            // A join that has its tokens does not fail: it asks a user when its model does.
            var fail = node.Type == WaitForAllTokens.TypeName ? arrived < node.With!.Value.GetProperty("tokens").GetInt32() : fails(id);
            return known[id] = skipped ? NodeStatus.Skipped : fail ? NodeStatus.Failed : NodeStatus.Completed;
        }
    }
}
