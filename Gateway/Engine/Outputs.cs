using Gateway.Contracts;

namespace Gateway.Engine;

/// <summary>What nodes hand on, and what the session ends with.</summary>
internal static class Outputs
{
    /// <summary>What reached the end nodes; null when no text did.</summary>
    public static string? OfSession(SessionState state)
    {
        var sources = state.Nodes
            .Where(node => node is { Status: NodeStatus.Completed, Node.Type: NodeType.End })
            .SelectMany(node => Sources(state, node))
            .Distinct()
            .OrderBy(node => node.Node.Index)
            .ToList();
        return sources.Count == 0 ? null : string.Join("\n\n", sources.Select(node => node.Text.ToString()));
    }

    // A parallel node says nothing itself: what came to it goes through.
    private static IEnumerable<NodeState> Sources(SessionState state, NodeState node) =>
        node.Node.Predecessors
            .Select(predecessor => state[predecessor.Id])
            .Where(predecessor => predecessor.Status == NodeStatus.Completed)
            .SelectMany(predecessor => predecessor.Node.Type == NodeType.Parallel ? Sources(state, predecessor) : [predecessor])
            .Where(source => source.Text.Length > 0);
}
