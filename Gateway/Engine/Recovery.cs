using Gateway.Contracts;

namespace Gateway.Engine;

/// <summary>How a session goes on after a pause, a crash, or a store that did not work.</summary>
internal static class Recovery
{
    /// <summary>Goes on after a pause; does nothing when the session is not paused or only waits for an answer.</summary>
    /// <param name="batch">Takes the events.</param>
    /// <param name="interrupted">Whether the work of running nodes was lost with an earlier process.</param>
    /// <param name="first">What is decided before anything else once the nodes run; null: nothing.</param>
    public static void Resume(EventBatch batch, bool interrupted, Action? first = null)
    {
        var state = batch.State;
        if (!state.IsPaused) return;

        AskAgain(batch);

        // The clocks have stood still, so what still waits has as much time as was left, and says so.
        foreach (var node in state.OpenPrompts.Where(node => node.Prompt is { ExpiresAt: not null } or { RemindAt: not null }).ToList()) batch.AddStatus(node, NodeStatus.Suspended, prompt: batch.Renew(node, node.Prompt!));
        GoOn(batch, interrupted, first);
    }

    /// <summary>Goes on with the history of another session, of which the work is lost.</summary>
    /// <param name="batch">Takes the events.</param>
    /// <param name="first">What is decided before anything else once the nodes run.</param>
    public static void GoOn(EventBatch batch, Action first) => GoOn(batch, interrupted: true, first);

    private static void GoOn(EventBatch batch, bool interrupted, Action? first)
    {
        var state = batch.State;
        var held = state.HeldInputs.ToList();
        var reopened = new List<(NodeState Node, Prompt? Prompt)>();
        Announce(batch, interrupted);
        first?.Invoke();
        if (state.Status == SessionStatus.Paused)
        {
            // Only prompts are left. Each of their nodes runs for a moment, because a `running` must tell that the session goes on before any token does.
            reopened.AddRange(state.OpenPrompts.Select(node => (node, node.Prompt)));
            foreach (var (node, _) in reopened) batch.AddStatus(node, NodeStatus.Running);
        }

        ReleaseAll(batch, held);
        foreach (var (node, prompt) in reopened)
        {
            if (node is { Status: NodeStatus.Running, Work: null }) batch.AddStatus(node, NodeStatus.Suspended, prompt: prompt);
        }

        Progress.Advance(batch);
        Progress.Conclude(batch);
    }

    /// <summary>Goes on with the log of an earlier process: what ran starts again, and what had finished stays finished.</summary>
    /// <remarks>A session that may be what ends the process is not run again for ever: it stays paused until a user resumes it.</remarks>
    public static void Recover(EventBatch batch, int maxInterruptions)
    {
        var state = batch.State;
        if (state.LastSeq == 0 || Forks.IsUnbegun(state))
        {
            Scheduler.Decide(batch, new EngineInput.Start());
            return;
        }

        if (state is { Status: SessionStatus.Paused, PauseReason: PauseReason.ShuttingDown or PauseReason.StorageUnavailable })
        {
            Resume(batch, interrupted: true);
            return;
        }

        // A user's pause outlives the process. The lost work gets its next attempt when the user resumes.
        if (state.IsPaused) return;

        if (state.Interruptions >= maxInterruptions)
        {
            batch.Add(new ExecutionPaused { SessionId = batch.SessionId, Reason = PauseReason.Interrupted });
            return;
        }

        Announce(batch, interrupted: true);

        FinishResume(batch);
    }

    /// <summary>Goes on with what the log tells of, where its last decision may be there only in part.</summary>
    /// <remarks>A decision is appended as a whole, but for a long resume, which may leave words that are not released, and a node that has asked running with nothing at work.</remarks>
    public static void FinishResume(EventBatch batch)
    {
        AskAgain(batch);
        ReleaseAll(batch, [.. batch.State.HeldInputs]);
        Progress.Advance(batch);
        Progress.Conclude(batch);
    }

    /// <summary>Tells that the store failed for a while, and that the session goes on.</summary>
    public static void StorageReturned(EventBatch batch, DateTime? since)
    {
        if (batch.State.LastSeq == 0) return;
        batch.Add(new ExecutionError
        {
            SessionId = batch.SessionId,
            Error = "The session's log could not be written for a while and the session stood still; it goes on and nothing is lost.",
            Code = ErrorCode.StorageUnavailable,
        });
        if (batch.State.Status != SessionStatus.Running) return;

        // The pause that readers have been seeing is told afterwards, because nothing could be written while it lasted.
        batch.Add(new ExecutionPaused { SessionId = batch.SessionId, Reason = PauseReason.StorageUnavailable, Since = since });
        Resume(batch, interrupted: false);
    }

    // Of a resume that is only there in part a node that had asked stands there running, with nothing at work.
    private static void AskAgain(EventBatch batch)
    {
        foreach (var node in batch.State.Nodes.Where(node => node is { Status: NodeStatus.Running, IsLooping: false, Work: null, RestsUntil: null }).ToList())
        {
            if (!ToolCalls.AskAgain(batch, node)) Progress.Ask(batch, node, node.Kind.Recover);
        }
    }

    // Tells of each node with work that it runs, in a new attempt where the work was lost.
    private static void Announce(EventBatch batch, bool interrupted)
    {
        // Between two tries nothing is lost. After a pause it is told how long the wait still is.
        var resting = batch.State.Status == SessionStatus.Paused ? batch.State.Nodes.Where(node => node.RestsUntil is not null).ToList() : [];
        foreach (var node in batch.State.Nodes.Where(node => node.Work is not null).ToList())
        {
            batch.AddStatus(node, NodeStatus.Running, interrupted ? node.Attempt + 1 : node.Attempt);
            if (interrupted) Progress.Ask(batch, node, node.Kind.Recover);
        }

        foreach (var node in resting) batch.AddStatus(node, NodeStatus.Running, wait: batch.Rest(node));

        // Nothing is at work for a loop between two rounds, and yet the session goes on with it.
        foreach (var loop in batch.State.Graph.Loops)
        {
            if (batch.State[loop] is { IsDue: true } over) batch.AddStatus(over, NodeStatus.Running);
        }
    }

    private static void ReleaseAll(EventBatch batch, List<HeldInput> inputs)
    {
        // An answer is for the round whose prompt its author has read, and what is released before it may begin the next.
        var asked = inputs.Select(input => input.NodeId).OfType<string>().Distinct().ToDictionary(id => id, id => batch.State[id].Iteration, StringComparer.Ordinal);
        foreach (var input in inputs)
        {
            // Whoever goes on after a cut does not know that the session is to fail.
            if (!batch.IsDoomed) batch.MayCut();
            Release(batch, input, asked);
        }
    }

    private static void Release(EventBatch batch, HeldInput input, Dictionary<string, int> asked)
    {
        if (input.NodeId is not { } nodeId)
        {
            Conversation.Join(batch, input.Content, SessionBudgets.IsAnswer(input.Answer) ? input.Answer : null);
            return;
        }

        var node = batch.State[nodeId];
        if (!node.IsActive || node.Iteration != asked[nodeId])
        {
            // Another answer has made its prompt superfluous. The words are not lost: all who speak afterwards hear them.
            Conversation.Join(batch, input.Content);
            return;
        }

        if (node.Status == NodeStatus.Suspended) batch.AddStatus(node, NodeStatus.Running);
        Conversation.Answer(batch, node, UserAnswer.Of(input.Content, input.Answer));
    }
}
