using Gateway.Contracts;
using Gateway.Workflows;

namespace Gateway.Engine;

/// <summary>Joins that do not wait for all.</summary>
internal static class Joins
{
    /// <summary>Why a node that starts cannot do so with what has led to it; null when it can.</summary>
    public static NodeFailure? Refuse(NodeState node) => node.Node.Needs is { } needs && node.Arrived < needs && node.Node.Predecessors.Count > 0
        ? new NodeFailure(ErrorCode.QuorumNotReached, $"The node needs {needs} of the nodes before it, and only {node.Arrived} of {node.Node.Predecessors.Count} led to it.")
        : null;

    /// <summary>Cancels what is still open and leads to nothing but a node that has started without it.</summary>
    public static void CancelLosers(EventBatch batch, NodeState join)
    {
        if (join.Awaited == 0) return;

        // From the join upwards: whoever is open and leads only there, or to others that are cancelled or over.
        var losers = new HashSet<WorkflowNode>();
        foreach (var node in OpenBefore(batch.State, join.Node).OrderByDescending(node => node.Position))
        {
            batch.State.Steps.Take(1 + node.Successors.Count);
            if (!node.LeadsBack && node.Successors.All(next => next == join.Node || losers.Contains(next) || !batch.State[next].IsOpen)) losers.Add(node);
        }

        foreach (var loser in losers.OrderBy(node => node.Position)) Cancel(batch, batch.State[loser]);
    }

    /// <summary>Cancels an open node, with its body.</summary>
    public static void Cancel(EventBatch batch, NodeState node)
    {
        CancelBody(batch, node);
        batch.AddSpent(node);
        batch.AddStatus(node, NodeStatus.Cancelled);
    }

    /// <summary>Cancels what is open of a node's body.</summary>
    public static void CancelBody(EventBatch batch, NodeState node)
    {
        foreach (var inner in node.Node.Body)
        {
            if (batch.State[inner] is { IsOpen: true } open) Cancel(batch, open);
        }
    }

    private static HashSet<WorkflowNode> OpenBefore(SessionState state, WorkflowNode join)
    {
        var found = new HashSet<WorkflowNode>();
        var open = new Stack<WorkflowNode>([join]);
        while (open.TryPop(out var node))
        {
            state.Steps.Take(1 + node.Predecessors.Count);
            foreach (var before in node.Predecessors)
            {
                if (state[before].IsOpen && found.Add(before)) open.Push(before);
            }
        }

        return found;
    }
}
