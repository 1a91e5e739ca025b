using System.Text.Json;
using Gateway.Contracts;

namespace Gateway.Engine;

/// <summary>Goes through the bodies of loops.</summary>
internal static class Rounds
{
    // A body without work is over at once; the rest of such rounds comes with later decisions, so that none grows without end.
    private const int EventsPerDecision = 1000;

    /// <summary>Begins a round of a loop's body: the loop tells of it, and every node of the body is pending in it.</summary>
    public static void Begin(EventBatch batch, NodeState loop, int round, JsonElement? result = null)
    {
        batch.AddStatus(loop, NodeStatus.Running, round: round, result: result);
        var entry = batch.State[loop.Node.Entry!];

        // A body that has not begun is pending in its first iteration already.
        var iteration = entry.Status == NodeStatus.Pending ? entry.Iteration : entry.Iteration + 1;
        foreach (var node in loop.Node.Body)
        {
            batch.State.Steps.Take();
            if (batch.State[node] is { Status: NodeStatus.Pending } state && state.Iteration == iteration) continue;
            batch.Add(new NodeStateChange { SessionId = batch.SessionId, NodeId = node.Id, Status = NodeStatus.Pending, Iteration = iteration > 1 ? iteration : null });
        }
    }

    /// <summary>Lets the loops decide whose round is over, the innermost first.</summary>
    /// <returns>Whether one has.</returns>
    public static bool End(EventBatch batch)
    {
        if (batch.State.Graph.Loops.Count == 0 || batch.Events.Count > EventsPerDecision) return false;
        var any = false;
        foreach (var node in batch.State.Graph.Loops)
        {
            batch.State.Steps.Take();
            var loop = batch.State[node];
            if (!loop.IsRoundOver) continue;
            Progress.Ask(batch, loop, loop.Kind.RoundEnded);
            any = true;
        }

        return any;
    }
}
