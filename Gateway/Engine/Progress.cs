using Gateway.Contracts;

namespace Gateway.Engine;

/// <summary>Which nodes start, which are skipped, and when the session is over.</summary>
internal static class Progress
{
    /// <summary>Starts every node that is ready and skips every node that nothing leads to any more.</summary>
    /// <remarks>One pass is enough: in topological order each node comes after all that decide about it.</remarks>
    public static void Advance(EventBatch batch)
    {
        foreach (var node in batch.State.Graph.Topological)
        {
            batch.State.Steps.Take();
            var state = batch.State[node.Id];
            if (state.Status != NodeStatus.Pending) continue;
            switch (state.Kind.IsReady(state.View))
            {
                case Readiness.Starts:
                    batch.AddStatus(state, NodeStatus.Running);
                    Ask(batch, state, state.Kind.Start);
                    break;
                case Readiness.Skips:
                    batch.AddStatus(state, NodeStatus.Skipped);
                    break;
                case Readiness.Waits when state.Awaited == 0:
                    throw new InvalidOperationException($"Node '{state.Id}' of type '{node.Type}' waits, but every node before it has ended.");
            }
        }
    }

    /// <summary>Ends the session when it is over; reports that it waits when only prompts are left.</summary>
    public static void Conclude(EventBatch batch)
    {
        var state = batch.State;
        var atWork = state.Nodes.Any(node => node.Status == NodeStatus.Running);

        // After Advance something is at work before each pending node, so a pending end can still be reached.
        if (!state.Nodes.Any(node => (node.IsOpen || node.Status == NodeStatus.Completed) && node.Kind.Rules.Ends)) End(batch, SessionStatus.Failed);
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
            Output = status == SessionStatus.Completed ? SessionOutput.Of(batch.State) : null,
            Totals = batch.State.Totals,
        });
    }

    /// <summary>Lets a node's kind decide what happens at the node now.</summary>
    /// <exception cref="InvalidOperationException">The kind leaves the node running with nothing that could ever end it.</exception>
    public static void Ask(EventBatch batch, NodeState node, Action<NodeContext> decide)
    {
        decide(new NodeContext(batch, node));
        if (node is { Status: NodeStatus.Running, Work: null })
        {
            throw new InvalidOperationException($"The kind of node '{node.Id}', of type '{node.Node.Type}', leaves it running with nothing at work for it.");
        }
    }
}
