using Gateway.Contracts;

namespace Gateway.Engine;

/// <summary>How a session goes on after it stood still: a pause, a crash, a store that did not work.</summary>
internal static class Recovery
{
    /// <summary>Goes on after a pause; nothing when the session does not stand still or only waits for an answer.</summary>
    public static void Resume(EventBatch batch, bool interrupted)
    {
        var state = batch.State;
        if (!state.IsHeld) return;

        var held = state.HeldInputs.ToList();
        var reopened = new List<NodeState>();
        Announce(batch, interrupted);
        if (state.Status == SessionStatus.Paused)
        {
            // Only prompts are left. They run for a moment: `running` must tell that the session goes on before any token does.
            reopened.AddRange(state.OpenPrompts);
            foreach (var node in reopened) batch.AddStatus(node, NodeStatus.Running);
        }

        foreach (var input in held) Release(batch, input);
        foreach (var node in reopened)
        {
            if (node.Status == NodeStatus.Running) Progress.Suspend(batch, node);
        }

        Progress.Advance(batch);
        Progress.Conclude(batch);
    }

    /// <summary>Goes on with the log of an earlier process: what ran starts again, what had finished stays finished.</summary>
    public static void Recover(EventBatch batch)
    {
        var state = batch.State;
        if (state.LastSeq == 0)
        {
            Scheduler.Decide(batch, new EngineInput.Start());
            return;
        }

        if (state is { Status: SessionStatus.Paused, PauseReason: PauseReason.ShuttingDown or PauseReason.StorageUnavailable })
        {
            Resume(batch, interrupted: true);
            return;
        }

        // A user's pause outlives the process; the lost model calls get their next attempt at resume.
        if (state.IsHeld) return;

        Announce(batch, interrupted: true);

        // A batch is appended as a whole, so none of the following finds work in a healthy log; it costs nothing to be sure.
        foreach (var node in state.Nodes.Where(node => node is { Status: NodeStatus.Running, Node.Type: not NodeType.Agent }).ToList())
        {
            if (node is { Node.Type: NodeType.HumanReview, Text.Length: > 0 }) batch.AddStatus(node, NodeStatus.Completed);
            else Progress.Work(batch, node);
        }

        Progress.Advance(batch);
        Progress.Conclude(batch);
    }

    /// <summary>Tells that the store failed for a while, and that the session goes on.</summary>
    public static void StorageReturned(EventBatch batch)
    {
        if (batch.State.LastSeq == 0) return;
        batch.Add(new ExecutionError
        {
            SessionId = batch.SessionId,
            Error = "The session's log could not be written for a while and the session stood still; it goes on and nothing is lost.",
            Code = ErrorCode.StorageUnavailable,
        });
        if (batch.State.Status != SessionStatus.Running) return;

        // What its readers have been seeing, told afterwards: nothing could be written while it stood still.
        Scheduler.Decide(batch, new EngineInput.Pause(PauseReason.StorageUnavailable));
        Resume(batch, interrupted: false);
    }

    private static void Announce(EventBatch batch, bool interrupted)
    {
        foreach (var node in batch.State.Nodes)
        {
            if (node.IsRunningAgent) batch.AddStatus(node, NodeStatus.Running, interrupted ? node.Attempt + 1 : node.Attempt);
        }
    }

    private static void Release(EventBatch batch, HeldInput input)
    {
        if (input.NodeId is not { } nodeId)
        {
            Conversation.Join(batch, input.Content);
            return;
        }

        var node = batch.State[nodeId];
        if (node.Status == NodeStatus.Suspended) batch.AddStatus(node, NodeStatus.Running);
        Conversation.Answer(batch, node, input.Content);
    }
}
