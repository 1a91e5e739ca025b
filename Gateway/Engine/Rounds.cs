using System.Text.Json;
using Gateway.Contracts;
using Gateway.Workflows;

namespace Gateway.Engine;

/// <summary>Goes through the bodies of loops, of child workflows, and of maps, item by item.</summary>
internal static class Rounds
{
    // A body without work is over at once; the rest of such rounds comes with later decisions, so that none grows without end.
    private const int EventsPerDecision = 1000;

    /// <summary>Begins a round of a loop's body: the loop tells of it, and every node of the body is pending in it.</summary>
    public static void Begin(EventBatch batch, NodeState loop, int round, JsonElement? result = null)
    {
        batch.AddStatus(loop, NodeStatus.Running, round: round, result: result);
        BeginBody(batch, loop.Node.Body, loop.Node.Entry!);
    }

    /// <summary>Begins the body of a node that gives it something: that of a child workflow at once, that of a map with its first items.</summary>
    public static void BeginGiven(EventBatch batch, NodeState node, JsonElement given)
    {
        batch.AddStatus(node, NodeStatus.Running, given: given);
        if (!node.Node.Maps) BeginBody(batch, node.Node.Body, node.Node.Entry!);
    }

    /// <summary>Lets the loops decide whose round is over, the innermost first, and begins the items of maps for which there is room.</summary>
    /// <returns>Whether there was anything of the kind.</returns>
    public static bool End(EventBatch batch)
    {
        if (batch.State.Graph.Loops.Count == 0 || batch.Events.Count > EventsPerDecision) return false;
        var any = false;
        foreach (var node in batch.State.Graph.Loops)
        {
            batch.State.Steps.Take();
            var loop = batch.State[node];
            while (loop.MayBeginItem && batch.Events.Count <= EventsPerDecision)
            {
                BeginItem(batch, loop, loop.ItemsBegun);
                any = true;
            }

            if (!loop.IsRoundOver) continue;
            Progress.Ask(batch, loop, loop.Kind.RoundEnded);
            any = true;
        }

        return any;
    }

    // Nodes that an earlier round of a loop around the map has made go on with their next iteration.
    private static void BeginItem(EventBatch batch, NodeState map, int item)
    {
        var suffix = $"{map.Node.Items}[{item}]";
        if (batch.State.Find(map.Node.Entry!.Name + suffix) is { } entry)
        {
            BeginBody(batch, [.. map.Node.Pattern.Select(pattern => batch.State[pattern.Name + suffix].Node)], entry.Node);
            return;
        }

        foreach (var pattern in map.Node.PatternOfItem().OrderBy(pattern => pattern.Index))
        {
            batch.State.Steps.Take();
            batch.Add(new NodeStateChange { SessionId = batch.SessionId, NodeId = pattern.Name + suffix, Status = NodeStatus.Pending, Item = item });
        }
    }

    /// <summary>Begins a round for those nodes of a body that have not been told of it, where others have.</summary>
    public static void CompleteBody(EventBatch batch, IReadOnlyList<WorkflowNode> body)
    {
        var iteration = body.Max(node => batch.State[node].Iteration);
        foreach (var node in body)
        {
            batch.State.Steps.Take();
            if (batch.State[node].Iteration < iteration) batch.Add(new NodeStateChange { SessionId = batch.SessionId, NodeId = node.Id, Status = NodeStatus.Pending, Iteration = iteration, Item = EventBatch.ItemOf(node) });
        }
    }

    /// <summary>Begins a round of a body: every node of it is pending.</summary>
    public static void BeginBody(EventBatch batch, IReadOnlyList<WorkflowNode> body, WorkflowNode first)
    {
        // A body that has not begun is pending in its first iteration already.
        var entry = batch.State[first];
        var iteration = entry.Status == NodeStatus.Pending ? entry.Iteration : entry.Iteration + 1;
        foreach (var node in body)
        {
            batch.State.Steps.Take();
            if (batch.State[node] is { Status: NodeStatus.Pending } state && state.Iteration == iteration) continue;
            batch.Add(new NodeStateChange { SessionId = batch.SessionId, NodeId = node.Id, Status = NodeStatus.Pending, Iteration = iteration > 1 ? iteration : null, Item = EventBatch.ItemOf(node) });
        }
    }
}
