using Gateway.Contracts;

namespace Gateway.Engine;

/// <summary>Which nodes start, which are skipped, and when the session is over.</summary>
internal static class Progress
{
    /// <summary>Starts every node whose inputs are there and skips every node that nothing can reach any more.</summary>
    /// <remarks>One pass is enough: in topological order each node comes after all that decide about it.</remarks>
    public static void Advance(EventBatch batch)
    {
        foreach (var node in batch.State.Graph.Topological)
        {
            var state = batch.State[node.Id];
            if (state.Status != NodeStatus.Pending) continue;

            var waits = false;
            var reached = node.Predecessors.Count == 0;
            foreach (var predecessor in node.Predecessors)
            {
                var before = batch.State[predecessor.Id];
                waits |= before.IsOpen;
                reached |= before.Status == NodeStatus.Completed;
            }

            if (waits) continue;
            if (reached) Begin(batch, state);
            else batch.AddStatus(state, NodeStatus.Skipped);
        }
    }

    /// <summary>Ends the session when it is over; reports that it waits when only prompts are left.</summary>
    public static void Conclude(EventBatch batch)
    {
        var state = batch.State;
        var ends = state.Nodes.Where(node => node.Node.Type == NodeType.End).ToList();
        var atWork = state.Nodes.Any(node => node.Status == NodeStatus.Running);

        // After Advance a pending node has something at work before it: a pending end can still be reached.
        if (!ends.Any(end => end.IsOpen || end.Status == NodeStatus.Completed)) End(batch, SessionStatus.Failed);
        else if (!atWork && state.OpenPrompts.Count == 0) End(batch, SessionStatus.Completed);
        else if (!atWork && state.Status == SessionStatus.Running) batch.Add(new ExecutionPaused { SessionId = batch.SessionId, Reason = PauseReason.AwaitingInput });
    }

    /// <summary>Cancels what is left and ends the session.</summary>
    public static void End(EventBatch batch, string status)
    {
        foreach (var node in batch.State.Nodes)
        {
            if (!node.IsOpen) continue;
            batch.AddSpent(node);
            batch.AddStatus(node, NodeStatus.Cancelled);
        }

        batch.Add(new ExecutionCompleted
        {
            SessionId = batch.SessionId,
            Status = status,
            Output = status == SessionStatus.Completed ? Outputs.OfSession(batch.State) : null,
            Totals = batch.State.Totals,
        });
    }

    /// <summary>Shows a human_review node's prompt.</summary>
    public static void Suspend(EventBatch batch, NodeState node) =>
        batch.AddStatus(node, NodeStatus.Suspended, prompt: new Prompt
        {
            PromptId = Conversation.PromptId(node.Id, node.Iteration),
            Text = node.Node.Definition.Prompt ?? "Your answer?",
        });

    /// <summary>Does what a node that is running has to do besides waiting for a model.</summary>
    public static void Work(EventBatch batch, NodeState node)
    {
        switch (node.Node.Type)
        {
            case NodeType.Agent:
                break;
            case NodeType.HumanReview:
                Suspend(batch, node);
                break;
            case NodeType.Parallel:
                batch.Add(new ParallelStart { SessionId = batch.SessionId, NodeId = node.Id, Branches = [.. node.Node.Successors.Select(next => next.Id)] });
                batch.AddStatus(node, NodeStatus.Completed);
                break;
            case NodeType.Start or NodeType.End:
                batch.AddStatus(node, NodeStatus.Completed);
                break;
            default:
                throw new InvalidOperationException($"Node '{node.Id}' is of type '{node.Node.Type}', which the engine does not know.");
        }
    }

    private static void Begin(EventBatch batch, NodeState node)
    {
        batch.AddStatus(node, NodeStatus.Running);
        Work(batch, node);
    }
}
