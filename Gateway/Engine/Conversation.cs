using System.Globalization;
using Gateway.Contracts;
using Gateway.Refusals;

namespace Gateway.Engine;

/// <summary>What users say: answers to prompts, and words to the whole session.</summary>
internal static class Conversation
{
    private static readonly TimeSpan DoublePress = TimeSpan.FromSeconds(2);

    /// <summary>The name of a node's prompt: the node's id, and the round of the loop when above 1.</summary>
    public static string PromptId(string nodeId, int iteration) =>
        iteration == 1 ? nodeId : string.Create(CultureInfo.InvariantCulture, $"{nodeId}.{iteration}");

    /// <summary>Answers a prompt or joins the conversation; while the session is paused, the words wait in its log.</summary>
    /// <exception cref="GatewayException"><c>prompt_answered</c>, <c>unknown_prompt</c>, <c>invalid_data</c>, <c>limit_exceeded</c>.</exception>
    public static void Say(EventBatch batch, UserInput says, ConversationBounds bounds)
    {
        var state = batch.State;
        if (says.Content is not { } content || string.IsNullOrWhiteSpace(content)) throw new GatewayException(ErrorCode.InvalidData, "'content' is missing or blank: say what the user says.");
        RefuseRepeated(batch, says, content);
        var node = Addressee(state, says);
        if (node is not null && node.Kind.RefuseAnswer(node.View, content) is { } reason) throw new GatewayException(ErrorCode.InvalidData, reason);
        RequireRoom(state, content, bounds);
        if (state.IsPaused)
        {
            batch.Add(new ExecutionPaused
            {
                SessionId = batch.SessionId,
                Reason = state.PauseReason!,
                HeldInput = new HeldInput { Content = content, NodeId = node?.Id },
            });
            return;
        }

        if (node is null)
        {
            Join(batch, content);
            return;
        }

        batch.AddStatus(node, NodeStatus.Running);
        Answer(batch, node, content);
        Progress.Conclude(batch);
    }

    /// <summary>Gives the answer to a node that has asked and now runs, and starts what follows.</summary>
    public static void Answer(EventBatch batch, NodeState node, string content)
    {
        batch.Add(new TokenStream { SessionId = batch.SessionId, NodeId = node.Id, AgentId = TokenStream.UserAgentId, Chunk = content, IsThinking = false, Iteration = EventBatch.IterationOf(node) });
        Progress.Ask(batch, node, context => node.Kind.Answered(context, content));
        Progress.Advance(batch);
    }

    /// <summary>Says something to the whole session.</summary>
    public static void Join(EventBatch batch, string content) =>
        batch.Add(new TokenStream { SessionId = batch.SessionId, AgentId = TokenStream.UserAgentId, Chunk = content, IsThinking = false });

    private static void RequireRoom(SessionState state, string content, ConversationBounds bounds)
    {
        var size = SessionState.SizeOf(content);
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
    private static void RefuseRepeated(EventBatch batch, UserInput says, string content)
    {
        if (says.PromptId is not null || says.NodeId is not null || says.Remark == true) return;
        if (batch.State.LastAnswer is not { } last || last.Content != content || batch.Now - last.At > DoublePress) return;
        throw new GatewayException(
            ErrorCode.PromptAnswered,
            $"The same words have just answered a prompt of node '{last.NodeId}', so they are taken for a repetition. If they are meant for another prompt, name it in 'prompt_id'; if for the whole session, say '\"remark\": true'.");
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

        if (says.PromptId is { } old && state.Nodes.FirstOrDefault(node => node.HasAsked && IsOfEarlierRound(node, old)) is { } later)
        {
            throw new GatewayException(ErrorCode.PromptAnswered, $"Prompt '{name}' is of an earlier round of node '{later.Id}', which is over.");
        }

        var node = says.PromptId is { } promptId ? FindByPrompt(state, promptId) : state.Find(says.NodeId!);
        var asked = node is { HasAsked: true } && (says.NodeId is null || says.NodeId == node.Id) ? node : null;
        if (asked is not null && IsAnswered(state, asked))
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
        ?? state.Nodes.FirstOrDefault(node => node.HasAsked && PromptId(node.Id, node.Iteration) == promptId);

    private static bool IsOfEarlierRound(NodeState node, string promptId)
    {
        if (node.Iteration == 1 || !promptId.StartsWith(node.Id, StringComparison.Ordinal)) return false;
        var round = promptId.AsSpan(node.Id.Length);
        return round.IsEmpty || (round[0] == '.' && int.TryParse(round[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) && asked > 1 && asked < node.Iteration);
    }

    private static bool IsAnswered(SessionState state, NodeState node) =>
        node.Status == NodeStatus.Completed || state.HeldInputs.Any(held => held.NodeId == node.Id);
}
