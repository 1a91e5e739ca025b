using Gateway.Contracts;
using Gateway.Workflows;

namespace Gateway.Engine;

/// <summary>Which text completed nodes hand on.</summary>
internal static class SessionOutput
{
    /// <summary>The text that reached the ends of the session; null when none did.</summary>
    public static string? Of(SessionState session) => From(session, session.Nodes.Where(node => node.Node.Loop is null && node.Kind.Rules.Ends));

    /// <summary>The text that these nodes hand on, each source once, in the order of the definition; null when there is none.</summary>
    public static string? From(SessionState session, IEnumerable<NodeState> nodes)
    {
        var texts = new SortedList<WorkflowNode, string>(Comparer<WorkflowNode>.Create(WorkflowNode.CompareByDefinition));
        var seen = new HashSet<NodeState>();
        var open = new Stack<NodeState>(nodes);
        while (open.TryPop(out var node))
        {
            // Several ways may lead to one source; each node is looked at once.
            if (node.Status != NodeStatus.Completed || !seen.Add(node)) continue;
            session.Steps.Take(1 + node.Node.Predecessors.Count);
            if (TextOf(node) is not { } text)
            {
                // What comes to a loop in the end is what led back to it; what comes to the first node of its body is what came to the loop.
                Follow(node.Node.Entry is null ? node.Node.Predecessors : node.Node.Returns, node);
                for (var first = node.Node; first is { IsEntry: true, Loop: { Nests: false } loop } && node.Node.Entry is null; first = loop) Follow(loop.Predecessors, session[loop]);
            }
            else if (text.Length > 0)
            {
                texts.Add(node.Node, text);
            }
        }

        return texts.Count == 0 ? null : string.Join("\n\n", texts.Values);

        // Of a map, an earlier round of a loop around it may have left more items than it has now.
        void Follow(IReadOnlyList<WorkflowNode> sources, NodeState to)
        {
            foreach (var source in sources)
            {
                if (source.Map == to.Node && source.Item >= to.ItemCount) continue;
                if (session[source] is var before && before.HasLedTo(to.Id)) open.Push(before);
            }
        }
    }

    /// <summary>The text that a completed node hands on as its own; null when it passes on what came to it.</summary>
    public static string? TextOf(NodeState node)
    {
        var output = node.Kind.Output(node.View);
        if (ReferenceEquals(output, NodeOutput.Passed)) return null;
        return output.Text ?? node.Said;
    }
}
