using Gateway.Contracts;

namespace Gateway.Engine;

/// <summary>How a forked session goes on where the history ends that it shares with another one.</summary>
/// <remarks>
/// The history may end within a decision, whose rest never comes. So what a decision always does as a whole is done first: a round of a
/// body is begun for all of its nodes, a failure that is that of a workflow is told to it, losers of a join are cancelled, calls of tools
/// that were let go begin. Then the session goes on as after a pause for which the work was lost.
/// </remarks>
internal static class Forks
{
    /// <summary>Whether a state is that of a fork of which nothing but the shared history is there.</summary>
    public static bool IsUnbegun(SessionState state) => state.Header.ForkedFrom is { Seq: > 0 } from && state.LastSeq == from.Seq;

    /// <summary>Goes on after the shared history; clocks stand still between its last event and now.</summary>
    public static void Begin(EventBatch batch)
    {
        var state = batch.State;
        var last = state.JustBegun;
        batch.Add(new ExecutionPaused { SessionId = batch.SessionId, Reason = PauseReason.Forked, Since = state.LastTimestamp, ForkedFrom = state.Header.ForkedFrom });
        BeginBodies(batch, last);

        // Readers of the inbox have not heard of them.
        foreach (var node in state.OpenPrompts.Where(node => node.Prompt is not null).ToList()) batch.AddStatus(node, NodeStatus.Suspended, prompt: batch.Renew(node, node.Prompt!));
        Recovery.GoOn(batch, () => Mend(batch));
    }

    private static void BeginBodies(EventBatch batch, NodeState? last)
    {
        if (last is { IsLooping: true, Node.Maps: false }) Rounds.BeginBody(batch, last.Node.Body, last.Node.Entry!);
        foreach (var loop in batch.State.Graph.Loops.Select(loop => batch.State[loop]).Where(loop => loop.IsLooping).ToList())
        {
            foreach (var body in loop.Node.Body.GroupBy(node => node.Items, StringComparer.Ordinal).ToList()) Rounds.CompleteBody(batch, [.. body]);
        }
    }

    private static void Mend(EventBatch batch)
    {
        var state = batch.State;

        // A node with nothing at work was told to begin, or to go on, and no more.
        foreach (var node in state.Nodes.Where(node => node is { Status: NodeStatus.Running, IsLooping: false, Work: null, RestsUntil: null }).ToList())
        {
            batch.AddStatus(node, NodeStatus.Running);
            if (ToolCalls.AskAgain(batch, node)) continue;
            if (node.Tools.Open > 0) ToolCalls.Continue(batch, node);
            else if (ToolCalls.HasEnded(node)) ToolCalls.Conclude(batch, node);
            else Progress.Ask(batch, node, node.Kind.Recover);
        }

        foreach (var node in state.Nodes.Where(node => node is { Status: NodeStatus.Failed, Node.Definition.OnError: ErrorPolicy.Fail }).ToList()) Progress.FailWorkflow(batch, node);
        foreach (var join in state.Nodes.Where(node => node is { Node.Needs: not null, Status: NodeStatus.Running or NodeStatus.Suspended or NodeStatus.Completed or NodeStatus.Failed }).ToList()) Joins.CancelLosers(batch, join);
        foreach (var node in state.Nodes.Where(node => node is { Status: NodeStatus.Running, Tools: { Open: > 0, Waiting: null } } && !node.Tools.Calls.Any(call => call.Status == ToolCallStatus.Running)).ToList()) ToolCalls.Continue(batch, node);
    }
}
