using Gateway.Contracts;
using Gateway.Refusals;

namespace Gateway.Engine;

/// <summary>Decides what an input makes happen in a session; no I/O, no time, no chance.</summary>
/// <remarks>A decision includes everything that follows at once. So an unfinished session always has a node that runs or is suspended.</remarks>
internal static class Scheduler
{
    /// <summary>Adds the events that follow from <paramref name="input"/>; none when it changes nothing.</summary>
    /// <exception cref="GatewayException">The input is refused; nothing was added.</exception>
    /// <exception cref="StepLimitException">The decision takes too long; the state must be folded from the log again.</exception>
    public static void Decide(EventBatch batch, EngineInput input)
    {
        batch.State.Steps.Begin();
        if (batch.State.IsFinal)
        {
            RefuseFinished(batch.SessionId, batch.State.Status, input);
            return;
        }

        switch (input)
        {
            case EngineInput.Chunk chunk: Say(batch, chunk); break;
            case EngineInput.Usage usage: Count(batch, usage); break;
            case EngineInput.PlaceAwaited awaited: Await(batch, awaited); break;
            case EngineInput.ToolsCalled called: Call(batch, called); break;
            case EngineInput.ToolEnded ended: EndCall(batch, ended); break;
            case EngineInput.WorkFinished finished: Finish(batch, finished); break;
            case EngineInput.WorkFailed failed: Fail(batch, failed); break;
            case EngineInput.Start: Start(batch); break;
            case EngineInput.Recover recover: Recovery.Recover(batch, recover.MaxInterruptions); break;
            case EngineInput.Command { Asked: PauseSession }: Pause(batch, PauseReason.UserRequested); break;
            case EngineInput.Command { Asked: ResumeSession } resume:
                Budgets.RequireNone(batch.State);
                Recovery.Resume(batch, resume.Interrupted);
                break;
            case EngineInput.Command { Asked: CancelSession }: Progress.End(batch, SessionStatus.Cancelled); break;
            case EngineInput.Command { Asked: UserInput said } command: Conversation.Say(batch, said, command.Bounds ?? ConversationBounds.None, command.By, command.Interrupted); break;
            case EngineInput.Command other: throw new GatewayException(ErrorCode.UnknownCommand, $"A session takes no {other.Asked.GetType().Name}.");
            case EngineInput.Pause pause: Pause(batch, pause.Reason); break;
            case EngineInput.FinishResume: Recovery.FinishResume(batch); break;
            case EngineInput.GoOn: GoOn(batch); break;
            case EngineInput.CallsWentOn went: Budgets.Check(batch, went.Spent); break;
            case EngineInput.TimePassed: Clocks.PassTime(batch); break;
            case EngineInput.StorageReturned returned: Recovery.StorageReturned(batch, returned.Since); break;
            case EngineInput.Fail fail:
                batch.Add(new ExecutionError { SessionId = batch.SessionId, Error = fail.Message, Code = fail.Code });
                Progress.End(batch, SessionStatus.Failed);
                break;
        }
    }

    /// <summary>Refuses what a user asks of an ended session, except cancelling it once more.</summary>
    /// <exception cref="GatewayException"><c>session_finished</c>.</exception>
    public static void RefuseFinished(string sessionId, string status, EngineInput input)
    {
        var refused = input switch
        {
            EngineInput.Command { Asked: CancelSession } => status != SessionStatus.Cancelled,
            EngineInput.Command => true,
            _ => false,
        };
        if (refused) throw new GatewayException(ErrorCode.SessionFinished, $"Session '{sessionId}' has ended ({status}) and takes no more commands; start a new one.");
    }

    private static void Start(EventBatch batch)
    {
        if (Forks.IsUnbegun(batch.State))
        {
            Forks.Begin(batch);
            return;
        }

        if (batch.State.LastSeq > 0) return;

        foreach (var node in batch.State.Nodes)
        {
            if (node.Node.Loop is not null || !node.Kind.Rules.Begins) batch.AddStatus(node, NodeStatus.Pending);
        }

        Progress.Advance(batch);
        Progress.Conclude(batch);
    }

    private static void GoOn(EventBatch batch)
    {
        if (batch.State.Status != SessionStatus.Running) return;
        Progress.Advance(batch);
        Progress.Conclude(batch);
    }

    private static void Pause(EventBatch batch, string reason)
    {
        // A user's pause replaces the wait for an answer, which then has to wait for the resume. No other pause replaces one.
        var state = batch.State;
        var stays = state.Status == SessionStatus.Paused && !(reason == PauseReason.UserRequested && state.PauseReason == PauseReason.AwaitingInput);
        if (!stays) batch.Add(new ExecutionPaused { SessionId = batch.SessionId, Reason = reason });
    }

    private static void Say(EventBatch batch, EngineInput.Chunk chunk)
    {
        if (AtWork(batch, chunk.NodeId, chunk.Attempt, chunk.Iteration) is not { } node || chunk.Text.Length == 0) return;
        batch.Add(new TokenStream
        {
            SessionId = batch.SessionId,
            NodeId = node.Id,
            AgentId = node.Work!.Speaker,
            Chunk = chunk.Text,
            IsThinking = chunk.IsThinking,
            Iteration = EventBatch.IterationOf(node),
            Item = EventBatch.ItemOf(node.Node),
        });
    }

    private static void Count(EventBatch batch, EngineInput.Usage usage)
    {
        if (AtWork(batch, usage.NodeId, usage.Attempt, usage.Iteration) is { } node) batch.AddUsage(node, usage.InputTokens, usage.OutputTokens, usage.CostUsd, usage.CostKnown, usage.IsTruncated, usage.CachedTokens, usage.ReasoningTokens);
    }

    private static void Await(EventBatch batch, EngineInput.PlaceAwaited awaited)
    {
        if (AtWork(batch, awaited.NodeId, awaited.Attempt, awaited.Iteration) is { } node) batch.AddStatus(node, NodeStatus.Running, wait: awaited.Model is null ? null : new NodeWait { Reason = NodeWaitReason.Model, Model = awaited.Model });
    }

    private static void Call(EventBatch batch, EngineInput.ToolsCalled called)
    {
        if (AtWork(batch, called.NodeId, called.Attempt, called.Iteration) is not { Work: AgentCall, Tools.Open: 0 } node) return;
        ToolCalls.Begin(batch, node, called.Calls);

        // Who waits for a person lends the place, and somebody else begins.
        Progress.Advance(batch);
        Progress.Conclude(batch);
    }

    private static void EndCall(EventBatch batch, EngineInput.ToolEnded ended)
    {
        if (AtWork(batch, ended.NodeId, ended.Attempt, ended.Iteration) is not { } node) return;
        ToolCalls.End(batch, node, ended);
        if (node.Work is not null) return;
        Progress.Advance(batch);
        Progress.Conclude(batch);
    }

    private static void Finish(EventBatch batch, EngineInput.WorkFinished finished)
    {
        if (AtWork(batch, finished.NodeId, finished.Attempt, finished.Iteration) is not { } node) return;
        Progress.Ask(batch, node, node.Kind.Finished);
        Progress.Advance(batch);
        Progress.Conclude(batch);
    }

    private static void Fail(EventBatch batch, EngineInput.WorkFailed failed)
    {
        if (AtWork(batch, failed.NodeId, failed.Attempt, failed.Iteration) is not { } node) return;
        Failures.Meet(batch, node, new NodeFailure(failed.Code, failed.Message) { MayPass = failed.MayPass, RetryAfter = failed.RetryAfter });
        Progress.Advance(batch);
        Progress.Conclude(batch);
    }

    // Null when the work has been stopped or replaced meanwhile, or the session is paused.
    private static NodeState? AtWork(EventBatch batch, string nodeId, int attempt, int iteration) =>
        batch.State.Status == SessionStatus.Running && batch.State.Find(nodeId) is { Work: not null } node && node.Attempt == attempt && node.Iteration == iteration ? node : null;
}
