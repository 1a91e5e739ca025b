using System.Globalization;
using System.Text;
using Gateway.Client.Stores;
using Gateway.Contracts;
using Microsoft.Extensions.AI;

namespace Gateway.Client.Chat;

/// <summary>What a chat client is told of a session: a fold of its events, the same in every process.</summary>
internal sealed class ChatProjection(string sessionId, string modelId)
{
    /// <summary>The additional property that names the node.</summary>
    public const string NodeId = "node_id";

    /// <summary>The additional property that names the message of the try that is void from here on.</summary>
    public const string Voids = "voids";

    private readonly WorkflowRunStore _run = new();
    private readonly Dictionary<string, Turn> _turns = new(StringComparer.Ordinal);
    private readonly HashSet<string> _requested = new(StringComparer.Ordinal);
    private Turn? _last;
    private long _heardTo;
    private ExecutionCompleted? _end;

    /// <summary>Whether the session has ended.</summary>
    public bool IsOver => _end is not null;

    /// <summary>Whether it stands still until somebody answers.</summary>
    public bool Asks => _run.PauseReason is PauseReason.AwaitingInput or PauseReason.BudgetExceeded && Open.Count > 0;

    /// <summary>The prompts that wait, each with its node.</summary>
    public IReadOnlyList<(Prompt Prompt, string? NodeId)> Open =>
        _run.Prompt is { } own ? [(own, null)] : [.. _run.OpenPrompts.Where(node => node.Prompt is not null).Select(node => (node.Prompt!, (string?)node.Id))];

    /// <summary>Takes an event of which the first part has been told: the rest comes once more by itself.</summary>
    public void Overlap(SessionEvent sessionEvent)
    {
        if (sessionEvent is SessionEvent<TokenStream> { Data: var token }) Hear(token);
        _heardTo = sessionEvent.Seq;
    }

    /// <summary>Takes an event.</summary>
    /// <returns>What a chat client is told of it; null when that is nothing.</returns>
    public ChatResponseUpdate? Apply(SessionEvent sessionEvent)
    {
        _run.Apply(sessionEvent);
        switch (sessionEvent)
        {
            case SessionEvent<TokenStream> { Data: var token }:
                return OnToken(sessionEvent, token);
            case SessionEvent<NodeStateChange> { Data: { Status: NodeStatus.Running } change }:
                return OnRunning(sessionEvent, change);
            case SessionEvent<TokenUsage> { Data: var usage }:
                return Update(sessionEvent, TurnOf(usage.NodeId, usage.Iteration), usage.AgentId, new UsageContent(Details(usage)) { RawRepresentation = usage });
            case SessionEvent<ExecutionCompleted> { Data: var end }:
                _end = end;
                return null;
            default:
                return null;
        }
    }

    /// <summary>The last update of a session that has ended: its output, where no message was that.</summary>
    /// <exception cref="GatewayClientException">It has failed, or was cancelled.</exception>
    public ChatResponseUpdate Finish()
    {
        if (_end!.Status == SessionStatus.Cancelled) throw new GatewayClientException(ClientErrorCode.SessionCancelled, $"Session '{sessionId}' was cancelled.");
        if (_end.Status != SessionStatus.Completed) throw new GatewayClientException(_run.ErrorCode ?? ErrorCode.InternalError, _run.Error ?? $"Session '{sessionId}' has failed.");
        var isTold = _end.Output is null || (_last is not null && _last.Text.Equals(_end.Output.AsSpan()));
        return new ChatResponseUpdate(ChatRole.Assistant, isTold ? [] : [new TextContent(_end.Output)])
        {
            ResponseId = sessionId,
            ModelId = modelId,
            MessageId = isTold && _last is not null ? _last.MessageId : $"{sessionId}/output",
            AuthorName = isTold ? _last?.Author : null,
            FinishReason = ChatFinishReason.Stop,
            RawRepresentation = _end,
        };
    }

    /// <summary>The last update of a session that waits for somebody: its questions.</summary>
    public ChatResponseUpdate Ask() => new(ChatRole.Assistant, [.. Open.Select(open => new ChatQuestion(sessionId, _run.LastSeq, open.Prompt.PromptId).ToContent(open.Prompt, open.NodeId))])
    {
        ResponseId = sessionId,
        ConversationId = sessionId,
        ModelId = modelId,
        MessageId = string.Create(CultureInfo.InvariantCulture, $"{sessionId}/asks/{_run.LastSeq}"),
    };

    private static UsageDetails Details(TokenUsage usage) => new()
    {
        InputTokenCount = usage.InputTokens,
        OutputTokenCount = usage.OutputTokens,
        TotalTokenCount = usage.InputTokens + usage.OutputTokens,
        CachedInputTokenCount = usage.CachedInputTokens,
        ReasoningTokenCount = usage.ReasoningTokens,
    };

    private ChatResponseUpdate? OnToken(SessionEvent sessionEvent, TokenStream token)
    {
        if (token.NodeId is not { } nodeId) return null;
        var turn = TurnOf(nodeId, token.Iteration);

        // What a person decides about a call is said by the person.
        if (token.Tool is { } tool) return OnTool(sessionEvent, token.AgentId == TokenStream.UserAgentId ? null : token.AgentId, turn, tool);
        if (token.AgentId == TokenStream.UserAgentId) return null;
        turn.IsTold = true;
        if (token.IsThinking) return Update(sessionEvent, turn, token.AgentId, new TextReasoningContent(token.Chunk));
        if (sessionEvent.Seq > _heardTo) Hear(token);
        return Update(sessionEvent, turn, token.AgentId, new TextContent(token.Chunk));
    }

    // A call is told once, with its arguments, and then what came of it; it is the same in each try, and so no part of a message of one.
    private ChatResponseUpdate? OnTool(SessionEvent sessionEvent, string? author, Turn turn, ToolCall tool)
    {
        if (tool.Status is ToolCallStatus.Completed or ToolCallStatus.Failed or ToolCallStatus.Rejected)
        {
            var result = Update(sessionEvent, turn, author, new FunctionResultContent(tool.CallId, tool.Result ?? tool.Status));
            result.Role = ChatRole.Tool;
            result.MessageId = $"{sessionId}/{tool.CallId}/result";
            return result;
        }

        if (tool.Arguments is null || !_requested.Add(tool.CallId)) return null;
        var call = Update(sessionEvent, turn, author, new FunctionCallContent(tool.CallId, tool.Name, ChatQuestion.Arguments(tool.Arguments)) { InformationalOnly = true });
        call.MessageId = $"{sessionId}/{tool.CallId}";
        return call;
    }

    private ChatResponseUpdate? OnRunning(SessionEvent sessionEvent, NodeStateChange change)
    {
        var before = _turns.GetValueOrDefault(change.NodeId);
        var (iteration, attempt) = (change.Iteration ?? 1, change.Attempt ?? 1);
        if (before is not null && before.Iteration == iteration && before.Attempt == attempt) return null;
        var turn = _turns[change.NodeId] = new Turn(change.NodeId, iteration, attempt, MessageId(change.NodeId, iteration, attempt));
        if (before is null || before.Iteration != iteration || !before.IsTold) return null;
        if (ReferenceEquals(_last, before)) _last = null;
        var update = Update(sessionEvent, turn, before.Author, content: null);
        update.AdditionalProperties![Voids] = before.MessageId;
        return update;
    }

    private void Hear(TokenStream token)
    {
        if (token is not { NodeId: { } nodeId, Tool: null, IsThinking: false, AgentId: not TokenStream.UserAgentId }) return;
        _last = TurnOf(nodeId, token.Iteration);
        _last.Author = token.AgentId;
        _last.Text.Append(token.Chunk);
    }

    private Turn TurnOf(string nodeId, int? iteration)
    {
        var round = iteration ?? 1;
        if (_turns.TryGetValue(nodeId, out var turn) && turn.Iteration == round) return turn;
        return _turns[nodeId] = new Turn(nodeId, round, 1, MessageId(nodeId, round, 1));
    }

    private string MessageId(string nodeId, int iteration, int attempt) => string.Create(CultureInfo.InvariantCulture, $"{sessionId}/{nodeId}/{iteration}.{attempt}");

    private ChatResponseUpdate Update(SessionEvent sessionEvent, Turn turn, string? author, AIContent? content) => new(ChatRole.Assistant, content is null ? [] : [content])
    {
        ResponseId = sessionId,
        ModelId = modelId,
        MessageId = turn.MessageId,
        AuthorName = author,
        CreatedAt = new DateTimeOffset(sessionEvent.Timestamp, TimeSpan.Zero),
        ContinuationToken = new ChatPosition(sessionId, sessionEvent.Seq).ToToken(),
        AdditionalProperties = new AdditionalPropertiesDictionary { [NodeId] = turn.NodeId },
        RawRepresentation = sessionEvent,
    };

    // What one node says in one round and one try.
    private sealed record Turn(string NodeId, int Iteration, int Attempt, string MessageId)
    {
        public StringBuilder Text { get; } = new();

        public string? Author { get; set; }

        public bool IsTold { get; set; }
    }
}
