using Gateway.Contracts;
using Gateway.Templates;

namespace Gateway.Engine;

/// <summary>Which nodes start, which are skipped, and when the session is over.</summary>
internal static class Progress
{
    /// <summary>Starts every node that is ready, skips every node that nothing leads to any more, and begins the next rounds of loops.</summary>
    /// <remarks>One pass is enough until a round is over: in topological order each node comes after all that decide about it.</remarks>
    public static void Advance(EventBatch batch)
    {
        do
        {
            foreach (var node in batch.State.Graph.Topological)
            {
                if (batch.IsDoomed) return;
                batch.State.Steps.Take();
                var state = batch.State[node];
                if (state.Status != NodeStatus.Pending) continue;
                if (node.Loop is null || Turn(batch, batch.State[node.Loop], state)) Consider(batch, state);
            }
        }
        while (Rounds.End(batch) && !batch.IsDoomed);
    }

    /// <summary>Ends the session when it is over; reports that it waits when only prompts are left.</summary>
    public static void Conclude(EventBatch batch)
    {
        var state = batch.State;
        var atWork = state.Nodes.Any(node => node.Work is not null) || state.IsRoundOver;

        // After Advance something is at work before each pending node, so a pending end can still be reached.
        if (batch.IsDoomed || !state.Nodes.Any(node => (node.IsOpen || node.Status == NodeStatus.Completed) && node.Kind.Rules.Ends)) End(batch, SessionStatus.Failed);
        else if (!atWork && state.OpenPrompts.Count == 0) End(batch, SessionStatus.Completed);
        else if (!atWork && state.Status == SessionStatus.Running) batch.Add(new ExecutionPaused { SessionId = batch.SessionId, Reason = PauseReason.AwaitingInput });
    }

    /// <summary>Cancels what is left and ends the session.</summary>
    public static void End(EventBatch batch, string status)
    {
        foreach (var node in batch.State.Nodes)
        {
            if (node.IsOpen) Joins.Cancel(batch, node);
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
        var context = new NodeContext(batch, node);
        try
        {
            decide(context);
        }
        catch (TemplateException exception) when (node.Status == NodeStatus.Running)
        {
            context.Fail(new NodeFailure(ErrorCode.TemplateFailed, exception.Message));
        }

        if (node is { Status: NodeStatus.Failed, Node.Definition.OnError: ErrorPolicy.Fail }) batch.IsDoomed = true;
        if (node.Status != NodeStatus.Running || (node.IsLooping && !node.IsRoundOver) || node.Work is not null) return;
        throw new InvalidOperationException($"The kind of node '{node.Id}', of type '{node.Node.Type}', leaves it running with nothing at work for it.");
    }

    // Whether a node of a body may start; where its loop is over before it ever could, it is over, too.
    private static bool Turn(EventBatch batch, NodeState loop, NodeState node)
    {
        if (loop.IsLooping) return true;
        if (!loop.IsOpen) batch.AddStatus(node, NodeStatus.Skipped);
        return false;
    }

    private static void Consider(EventBatch batch, NodeState state)
    {
        switch (state.Kind.IsReady(state.View))
        {
            case Readiness.Starts:
                Begin(batch, state);
                break;
            case Readiness.Skips:
                batch.AddStatus(state, NodeStatus.Skipped);
                break;
            case Readiness.Waits when state.Awaited == 0:
                throw new InvalidOperationException($"Node '{state.Id}' of type '{state.Node.Type}' waits, but every node before it has ended.");
        }
    }

    private static void Begin(EventBatch batch, NodeState state)
    {
        var (holds, mistake) = Holds(state);
        if (!holds && mistake is null)
        {
            batch.AddStatus(state, NodeStatus.Skipped);
            return;
        }

        var failure = mistake ?? Joins.Refuse(state);
        if (failure is null && state.Node.Entry is not null) Rounds.Begin(batch, state, 1);
        else batch.AddStatus(state, NodeStatus.Running);
        if (state.Node.Needs is not null) Joins.CancelLosers(batch, state);
        if (failure is null) Ask(batch, state, state.Kind.Start);
        else Ask(batch, state, context => context.Fail(failure));
    }

    private static (bool Holds, NodeFailure? Mistake) Holds(NodeState state)
    {
        if (state.Node.Definition.When is not { } condition) return (true, null);
        try
        {
            return (state.View.Holds(condition), null);
        }
        catch (TemplateException exception)
        {
            return (false, new NodeFailure(ErrorCode.TemplateFailed, exception.Message));
        }
    }
}
