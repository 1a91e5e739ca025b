using System.Text.Json;
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
        var waiting = new List<NodeState>();
        do
        {
            waiting.Clear();

            // By index: the nodes for the items of a map are put in behind it.
            for (var i = 0; i < batch.State.Graph.Topological.Count; i++)
            {
                var node = batch.State.Graph.Topological[i];
                if (batch.IsDoomed) return;
                batch.State.Steps.Take();
                var state = batch.State[node];
                if (state.Status != NodeStatus.Pending) continue;
                if (node.Loop is null || Turn(batch, batch.State[node.Loop], state)) Consider(batch, state, waiting);
            }
        }
        while ((Rounds.End(batch) || BeginWaiting(batch, waiting)) && !batch.IsDoomed);
    }

    /// <summary>Ends the session when it is over; reports that it waits when only prompts are left.</summary>
    public static void Conclude(EventBatch batch)
    {
        var state = batch.State;
        var atWork = state.Nodes.Any(node => node.Work is not null || node.RestsUntil is not null) || state.IsDue;

        // After Advance something is at work before each pending node, so a pending end can still be reached.
        if (batch.IsDoomed || !state.Nodes.Any(node => (node.IsOpen || node.Status == NodeStatus.Completed) && node.Node.Loop is null && node.Kind.Rules.Ends)) End(batch, SessionStatus.Failed);
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
            Totals = batch.State.Spending.Whole,
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

        FailWorkflow(batch, node);
        if (node.Status != NodeStatus.Running || (node.IsLooping && !node.IsRoundOver) || node.Work is not null || node.RestsUntil is not null) return;
        throw new InvalidOperationException($"The kind of node '{node.Id}', of type '{node.Node.Type}', leaves it running with nothing at work for it.");
    }

    /// <summary>Tells of a node's failure that is that of its workflow: of a child workflow, it is the failure of the node that runs it.</summary>
    public static void FailWorkflow(EventBatch batch, NodeState node)
    {
        for (var failed = node; failed is { Status: NodeStatus.Failed, Node.Definition.OnError: ErrorPolicy.Fail };)
        {
            if (batch.State.FindParent(failed) is not { } parent)
            {
                batch.IsDoomed = true;
                return;
            }

            if (parent.Status != NodeStatus.Running) return;
            Joins.CancelBody(batch, parent);
            new NodeContext(batch, parent).Fail(new NodeFailure(ErrorCode.WorkflowFailed, $"Node '{failed.Id}' has failed, and with it its workflow."));
            failed = parent;
        }
    }

    // Whether a node of a body may start; where its loop is over before it ever could, it is over, too.
    private static bool Turn(EventBatch batch, NodeState loop, NodeState node)
    {
        if (loop.IsLooping) return true;
        if (!loop.IsOpen) batch.AddStatus(node, NodeStatus.Skipped);
        return false;
    }

    // Begins those that have waited for room, the longest-waiting first. What follows from one that is over at once is looked at again.
    private static bool BeginWaiting(EventBatch batch, List<NodeState> waiting)
    {
        var any = false;
        foreach (var node in waiting.OrderBy(node => node.ReachedAt).ThenBy(node => node.Node.Position))
        {
            if (batch.IsDoomed) return false;
            batch.State.Steps.Take();
            if (node.Status != NodeStatus.Pending || !batch.State.Parallelism.HasRoomFor(node.Node)) continue;
            Begin(batch, node);
            any |= !node.IsActive;
        }

        return any;
    }

    private static void Consider(EventBatch batch, NodeState state, List<NodeState> waiting)
    {
        switch (state.Kind.IsReady(state.View))
        {
            case Readiness.Starts when state.Node.Works && batch.State.Parallelism.IsBounded:
                waiting.Add(state);
                break;
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
        JsonElement? given = null;
        if (failure is null) (given, failure) = Given(batch, state);
        if (given is { } list) Rounds.BeginGiven(batch, state, list);
        else if (failure is null && state.Node.Entry is not null) Rounds.Begin(batch, state, 1);
        else batch.AddStatus(state, NodeStatus.Running);
        if (state.Node.Needs is not null) Joins.CancelLosers(batch, state);
        if (failure is null) Ask(batch, state, state.Kind.Start);
        else Ask(batch, state, context => context.Fail(failure));
    }

    // What its body is given; or why it cannot begin.
    private static (JsonElement? Given, NodeFailure? Mistake) Given(EventBatch batch, NodeState state)
    {
        try
        {
            if (state.Node.Entry is null || state.Kind.Given(state.View) is not { } given) return (null, null);
            batch.State.Steps.Take(JsonLimits.SizeOf(given));
            var reason = JsonLimits.IsTooDeep(given) ? $"What the body is given is nested {JsonLimits.Words}." : state.Node.Maps ? MapBounds.Refuse(batch.State, state.Node, given) : null;
            return reason is null ? (given, null) : (null, new NodeFailure(ErrorCode.LimitExceeded, reason));
        }
        catch (TemplateException exception)
        {
            return (null, new NodeFailure(ErrorCode.TemplateFailed, exception.Message));
        }
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
