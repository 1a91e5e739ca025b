using System.Globalization;
using Gateway.Contracts;
using Gateway.Refusals;

namespace Gateway.Engine;

/// <summary>What users say: answers to prompts, and words to the whole session.</summary>
internal static class Conversation
{
    private static readonly TimeSpan DoublePress = TimeSpan.FromSeconds(2);

    /// <summary>The name of a node's prompt: the node's id, the round of the loop when above 1, and which of several it is.</summary>
    public static string PromptId(string nodeId, int iteration, string? key = null)
    {
        var id = iteration == 1 ? nodeId : string.Create(CultureInfo.InvariantCulture, $"{nodeId}.{iteration}");
        return key is null ? id : $"{id}:{key}";
    }

    /// <summary>Answers a prompt or joins the conversation; while the session is paused, the words wait in its log.</summary>
    /// <param name="batch">Takes the events.</param>
    /// <param name="says">What is said.</param>
    /// <param name="bounds">How much users may say.</param>
    /// <param name="by">The name of who says it; null when the gateway does not know it.</param>
    /// <param name="interrupted">Whether the work of running nodes was lost with an earlier process.</param>
    /// <exception cref="GatewayException"><c>prompt_answered</c>, <c>prompt_expired</c>, <c>unknown_prompt</c>, <c>not_assigned</c>, <c>invalid_data</c>, <c>limit_exceeded</c>.</exception>
    public static void Say(EventBatch batch, UserInput says, ConversationBounds bounds, string? by, bool interrupted = false)
    {
        var state = batch.State;
        RefuseEmpty(says);
        RefuseRepeated(batch, says);
        if (Budgets.IsAddressed(state, says))
        {
            Budgets.Answer(batch, says, bounds, by, interrupted);
            return;
        }

        var node = Addressee(state, says);
        var answer = Read(batch, node, says, by);
        RequireRoom(state, answer, bounds);
        if (state.IsPaused)
        {
            batch.Add(new ExecutionPaused
            {
                SessionId = batch.SessionId,
                Reason = state.PauseReason!,
                HeldInput = new HeldInput { Content = answer.Text, NodeId = node?.Id, Answer = node is null ? null : answer.Log },
            });
            return;
        }

        if (node is null)
        {
            Join(batch, answer.Text);
            return;
        }

        batch.AddStatus(node, NodeStatus.Running);
        Answer(batch, node, answer);
        Progress.Conclude(batch);
    }

    /// <summary>Gives the answer to a node that has asked and now runs, and starts what follows.</summary>
    public static void Answer(EventBatch batch, NodeState node, UserAnswer answer)
    {
        if (node.Tools.Waiting is not null)
        {
            ToolCalls.Answer(batch, node, answer);
            Progress.Advance(batch);
            return;
        }

        batch.Add(new TokenStream { SessionId = batch.SessionId, NodeId = node.Id, AgentId = TokenStream.UserAgentId, Chunk = answer.Text, IsThinking = false, Iteration = EventBatch.IterationOf(node), Item = EventBatch.ItemOf(node.Node), Answer = answer.Log });
        Progress.Ask(batch, node, context => node.Kind.Answered(context, answer));
        Progress.Advance(batch);
    }

    /// <summary>Nobody has answered a prompt in time: tells so, and lets the node go on without an answer.</summary>
    public static void Expire(EventBatch batch, NodeState node)
    {
        var reason = new NodeFailure(ErrorCode.PromptExpired, $"Nobody answered the prompt of node '{node.Id}' until {node.Prompt!.ExpiresAt:yyyy-MM-dd HH:mm:ss} UTC.");
        batch.AddStatus(node, NodeStatus.Running);
        Progress.Ask(batch, node, context => node.Kind.Expired(context, reason));
        Progress.Advance(batch);
        Progress.Conclude(batch);
    }

    /// <summary>Shows an open prompt once more, as a reminder.</summary>
    public static void Remind(EventBatch batch, NodeState node) =>
        batch.AddStatus(node, NodeStatus.Suspended, prompt: batch.Renew(node, node.Prompt!) with { RemindAt = null, Reminder = true });

    /// <summary>Says something to the whole session; with an answer, to what the session itself has asked.</summary>
    public static void Join(EventBatch batch, string content, PromptAnswer? answer = null) =>
        batch.Add(new TokenStream { SessionId = batch.SessionId, AgentId = TokenStream.UserAgentId, Chunk = content, IsThinking = false, Answer = answer });

    private static void RefuseEmpty(UserInput says)
    {
        if (!string.IsNullOrWhiteSpace(says.Content) || ((says.Action is not null || says.Data is not null) && says.Remark != true)) return;
        throw new GatewayException(ErrorCode.InvalidData, "'content' is missing or blank: say what the user says.");
    }

    private static UserAnswer Read(EventBatch batch, NodeState? node, UserInput says, string? by)
    {
        if (says.Data is { } given && JsonLimits.IsTooDeep(given)) throw new GatewayException(ErrorCode.InvalidData, $"'data' is nested {JsonLimits.Words}; make it flatter.");
        if (node is null)
        {
            if (says.Action is null && says.Data is null) return new UserAnswer(says.Content!);
            throw new GatewayException(ErrorCode.UnknownPrompt, $"'action' and 'data' answer a prompt, and {(says.Remark == true ? "a remark answers none" : "none is open")}.");
        }

        var prompt = node.Prompt!;
        if (node.ExpiresAt <= batch.State.ClockAt(batch.Now)) throw new GatewayException(ErrorCode.PromptExpired, $"Prompt '{prompt.PromptId}' could be answered until {prompt.ExpiresAt:yyyy-MM-dd HH:mm:ss} UTC, and that is over.");
        var answer = PromptReply.Read(prompt, says, by);
        return node.Kind.RefuseAnswer(node.View, answer) is { } reason ? throw new GatewayException(ErrorCode.InvalidData, reason) : answer;
    }

    /// <summary>Refuses words for which users have no room left.</summary>
    /// <exception cref="GatewayException"><c>limit_exceeded</c>.</exception>
    public static void RequireRoom(SessionState state, UserAnswer answer, ConversationBounds bounds)
    {
        var size = SessionState.SizeOf(answer.Text, answer.Data);
        if (state.SaidBytes + state.HeldBytes + size > bounds.Conversation)
        {
            throw new GatewayException(
                ErrorCode.LimitExceeded,
                $"Users have said {state.SaidBytes + state.HeldBytes} bytes to session '{state.Header.SessionId}', and it takes {bounds.Conversation} ({SessionsOptions.Section}:{nameof(SessionsOptions.MaxConversationBytes)}); say it shorter, or start a new session.");
        }

        if (state.IsPaused && state.HeldBytes + size > bounds.Held)
        {
            throw new GatewayException(
                ErrorCode.LimitExceeded,
                $"{state.HeldBytes} bytes of words wait for session '{state.Header.SessionId}' to resume, and no more than {bounds.Held} may ({SessionsOptions.Section}:{nameof(SessionsOptions.MaxHeldBytes)}); resume it first.");
        }
    }

    // A second press of a button must not answer the prompt that the first one has opened, which nobody has read. With a name the
    // second is refused anyway; without one, the same words within this time are taken for it.
    private static void RefuseRepeated(EventBatch batch, UserInput says)
    {
        if (says.PromptId is not null || says.NodeId is not null || says.Remark == true) return;
        if (batch.State.LastAnswer is not { } last || !last.IsSaidAgainBy(says) || batch.Now - last.At > DoublePress) return;
        throw new GatewayException(
            ErrorCode.PromptAnswered,
            $"The same words have just answered a prompt{(last.NodeId is { } asked ? $" of node '{asked}'" : string.Empty)}, so they are taken for a repetition. If they are meant for another prompt, name it in 'prompt_id'; if for the whole session, say '\"remark\": true'.");
    }

    // Returns the node whose prompt is answered; null when the words are for the whole session.
    private static NodeState? Addressee(SessionState state, UserInput says)
    {
        if (says.Remark == true)
        {
            if (says.PromptId is null && says.NodeId is null) return null;
            throw new GatewayException(ErrorCode.InvalidData, "A remark answers no prompt: leave 'remark' out, or 'prompt_id' and 'node_id'.");
        }

        if (says.PromptId is null && says.NodeId is null) return state.OpenPrompts.FirstOrDefault(open => !IsAnswered(state, open));

        var name = says.PromptId ?? says.NodeId!;
        if (says.PromptId is not null && says.NodeId is { } nodeId && FindByPrompt(state, says.PromptId) is { } asker && asker.Id != nodeId)
        {
            throw new GatewayException(ErrorCode.UnknownPrompt, $"Prompt '{name}' is asked by node '{asker.Id}', not by '{nodeId}'; leave 'node_id' out, or give that one.");
        }

        if (says.PromptId is { } call && ToolCalls.IsDecided(state, call)) throw new GatewayException(ErrorCode.PromptAnswered, $"Prompt '{name}' was answered already: the first answer won.");
        if (says.PromptId is { } old && state.Nodes.FirstOrDefault(node => node.HasAsked && IsOfEarlierRound(node, old)) is { } later)
        {
            throw new GatewayException(ErrorCode.PromptAnswered, $"Prompt '{name}' is of an earlier round of node '{later.Id}', which is over.");
        }

        var node = says.PromptId is { } promptId ? FindByPrompt(state, promptId) : state.Find(says.NodeId!);
        var asked = node is { HasAsked: true } && (says.NodeId is null || says.NodeId == node.Id) ? node : null;
        if (asked is { IsExpired: true, IsActive: false })
        {
            throw new GatewayException(ErrorCode.PromptExpired, $"Prompt '{name}' has expired: nobody answered it in time.");
        }

        if (asked is not null && (IsAnswered(state, asked) || (says.PromptId is { } other && asked.Prompt is { } now && now.PromptId != other)))
        {
            throw new GatewayException(ErrorCode.PromptAnswered, $"Prompt '{name}' was answered already: the first answer won.");
        }

        return asked is { Status: NodeStatus.Suspended }
            ? asked
            : throw new GatewayException(ErrorCode.UnknownPrompt, $"Prompt '{name}' is not open in session '{state.Header.SessionId}'; {Open(state)}");
    }

    private static string Open(SessionState state)
    {
        var open = state.OpenPrompts.Where(node => !IsAnswered(state, node)).Select(node => $"'{node.Prompt?.PromptId ?? node.Id}'").ToList();
        return open.Count == 0
            ? "no prompt is. Leave 'prompt_id' and 'node_id' out to speak to the whole session."
            : $"open are {string.Join(", ", open)}. Without 'prompt_id' and 'node_id' the first of them is answered.";
    }

    private static NodeState? FindByPrompt(SessionState state, string promptId) =>
        state.OpenPrompts.FirstOrDefault(open => open.Prompt?.PromptId == promptId)
        ?? state.Nodes.FirstOrDefault(node => node is { HasAsked: true, Tools.Calls.Count: 0 } && PromptId(node.Id, node.Iteration) is var asked && (promptId == asked || promptId.StartsWith($"{asked}:", StringComparison.Ordinal)));

    private static bool IsOfEarlierRound(NodeState node, string promptId)
    {
        if (node.Iteration == 1 || !promptId.StartsWith(node.Id, StringComparison.Ordinal)) return false;
        var round = promptId.AsSpan(node.Id.Length);
        if (round.IndexOf(':') is >= 0 and var key) round = round[..key];
        return round.IsEmpty || (round[0] == '.' && int.TryParse(round[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) && asked > 1 && asked < node.Iteration);
    }

    private static bool IsAnswered(SessionState state, NodeState node) =>
        node.Status == NodeStatus.Completed || state.HeldInputs.Any(held => held.NodeId == node.Id);
}
