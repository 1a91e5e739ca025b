using System.Text.Json;
using Gateway.Contracts;
using Gateway.Engine.Calls;
using Gateway.Log;
using Gateway.Workflows;

namespace Gateway.Engine;

/// <summary>The events of one append; each is folded into the state as soon as it is decided.</summary>
/// <remarks>So later decisions see earlier ones. When the append fails, the state must be folded from the log again.</remarks>
/// <param name="state">The state before the first of them.</param>
/// <param name="now">The time now, UTC.</param>
/// <param name="spentBy">Returns what a node's work has consumed and nothing has counted yet; null where no work is under way.</param>
internal sealed class EventBatch(SessionState state, DateTime now, Func<NodeState, ModelPiece.Usage?>? spentBy = null)
{
    private readonly List<LoggedEvent> _events = [];
    private List<Cut>? _cuts;
    private readonly PromptTrail _prompts = new();

    /// <summary>The state after all events so far.</summary>
    public SessionState State { get; } = state;

    /// <summary>The time of this decision, UTC.</summary>
    public DateTime Now => now;

    /// <summary>When the session's clock shows <paramref name="clock"/>, should it go on from now without a pause, UTC.</summary>
    public DateTime TimeOf(TimeSpan clock) => now + (clock - State.ClockAt(now));

    /// <summary>What a node has asked, with the time that is left for it from now on.</summary>
    public Prompt Renew(NodeState node, Prompt prompt) => prompt with
    {
        RemindAt = prompt.RemindAt is not null && node.RemindAt is { } remind ? TimeOf(remind) : null,
        ExpiresAt = prompt.ExpiresAt is not null && node.ExpiresAt is { } expires ? TimeOf(expires) : null,
    };

    /// <summary>What a node waits for between two tries, with the time that is left from now on; null when it does not.</summary>
    public NodeWait? Rest(NodeState node) => node.RestsUntil is { } until ? new NodeWait { Reason = NodeWaitReason.Retry, Until = TimeOf(until) } : null;

    /// <summary>The session.</summary>
    public string SessionId => State.Header.SessionId;

    /// <summary>Seq of the last event before the batch.</summary>
    public long LastSeqBefore { get; } = state.LastSeq;

    /// <summary>The events, in order; log and wires share the JSON of each.</summary>
    public IReadOnlyList<LoggedEvent> Events => _events;

    /// <summary>Whether a node has failed whose failure is that of the session.</summary>
    public bool IsDoomed { get; set; }

    /// <summary>How much text of models and users it holds, in characters.</summary>
    public long Size { get; private set; }

    /// <summary>What follows may be committed after what is here already, on its own: a recovery could go on from here.</summary>
    public void MayCut() => (_cuts ??= []).Add(new Cut(_events.Count, Size, State.Status));

    /// <summary>Whether all of it is one piece.</summary>
    public bool IsWhole => _cuts is null;

    /// <summary>Where the session stands after all of it.</summary>
    public SessionStanding Standing => State.Standing with { Prompts = _prompts.Between(0, _events.Count) };

    /// <summary>The events in the pieces that are committed one after another, with where the session stands after each.</summary>
    /// <param name="most">How much text a piece may have before the next begins, where there may be a cut.</param>
    public IEnumerable<(IReadOnlyList<LoggedEvent> Events, SessionStanding Standing)> Pieces(long most)
    {
        var from = new Cut(0, 0, "");
        foreach (var cut in _cuts ?? [])
        {
            if (cut.Size - from.Size < most) continue;
            yield return (_events[from.Events..cut.Events], new SessionStanding(cut.Status, Prompts: _prompts.Between(from.Events, cut.Events)));
            from = cut;
        }

        if (from.Events < _events.Count) yield return (from.Events == 0 ? _events : _events[from.Events..], State.Standing with { Prompts = _prompts.Between(from.Events, _events.Count) });
    }

    /// <summary>Adds an event with the next seq and a later timestamp than any before it.</summary>
    public void Add<TData>(TData data)
        where TData : class, IEventData
    {
        State.Steps.Take(StepBudget.Event);
        var earliest = DateTime.SpecifyKind(State.LastTimestamp.AddTicks(1), DateTimeKind.Utc);
        var sessionEvent = new SessionEvent<TData>
        {
            Timestamp = now > earliest ? now : earliest,
            NodeId = data.NodeId,
            Seq = State.LastSeq + 1,
            Data = data,
        };
        Size += data switch
        {
            TokenStream said => said.Chunk.Length + (said.Tool?.Result?.Length ?? 0),
            ExecutionPaused { HeldInput: { } held } => held.Content.Length,
            NodeStateChange changed => JsonLimits.SizeOf(changed.Given) + JsonLimits.SizeOf(changed.Result),
            _ => 0,
        };
        Apply(sessionEvent);
        _events.Add(new LoggedEvent(sessionEvent));
    }

    private void Apply(SessionEvent sessionEvent)
    {
        var asked = sessionEvent is SessionEvent<NodeStateChange> { Data.NodeId: var asks } ? State.Find(asks)?.Prompt : null;
        var asksItself = State.Budgets.Prompt;
        State.Apply(sessionEvent);
        switch (sessionEvent)
        {
            case SessionEvent<ExecutionPaused> { Data: var paused }:
                _prompts.Note(_events.Count, sessionEvent, asksItself, State.Budgets.Prompt);
                if (SessionBudgets.IsAnswer(paused.HeldInput?.Answer)) _prompts.Settle(null, PromptOutcome.Answered, paused.HeldInput!.Answer!.By);
                break;
            case SessionEvent<NodeStateChange> { Data: var changed }:
                _prompts.Note(_events.Count, sessionEvent, asked, State.Find(changed.NodeId)?.Prompt);
                break;
            case SessionEvent<TokenStream> { Data: { AgentId: TokenStream.UserAgentId, NodeId: { } answered, Answer: var answer } }:
                _prompts.Settle(answered, PromptOutcome.Answered, answer?.By);
                break;
            case SessionEvent<ExecutionError> { Data: { NodeId: { } late, Code: ErrorCode.PromptExpired } }:
                _prompts.Settle(late, PromptOutcome.Expired, by: null);
                break;
        }
    }

    /// <summary>Adds what a node that is about to be stopped has consumed.</summary>
    public void AddSpent(NodeState node)
    {
        if (spentBy is not null && node.Work is not null && spentBy(node) is { } usage) AddUsage(node, usage.InputTokens, usage.OutputTokens, usage.CostUsd, usage.CostKnown, cachedTokens: usage.CachedTokens, reasoningTokens: usage.ReasoningTokens);
    }

    /// <summary>Adds what a running node's work consumed.</summary>
    public void AddUsage(NodeState node, long inputTokens, long outputTokens, decimal costUsd, bool costKnown, bool isTruncated = false, long cachedTokens = 0, long reasoningTokens = 0) => Add(new TokenUsage
    {
        SessionId = SessionId,
        NodeId = node.Id,
        AgentId = node.Work!.Speaker,
        Model = node.Model,
        InputTokens = inputTokens,
        OutputTokens = outputTokens,
        CachedInputTokens = cachedTokens > 0 ? cachedTokens : null,
        ReasoningTokens = reasoningTokens > 0 ? reasoningTokens : null,
        EstimatedCostUsd = costUsd,
        CostKnown = costKnown ? null : false,
        Truncated = isTruncated ? true : null,
        Iteration = IterationOf(node),
        Item = ItemOf(node.Node),
    });

    /// <summary>The round of the loop that a node is in, as events tell it.</summary>
    public static int? IterationOf(NodeState node) => node.Iteration > 1 ? node.Iteration : null;

    /// <summary>The item of a map that a node stands for, as events tell it.</summary>
    public static int? ItemOf(WorkflowNode node) => node.Map is null ? null : node.Item;

    /// <summary>Adds a change of a node's status, in its current attempt unless another is named.</summary>
    public void AddStatus(NodeState node, string status, int? attempt = null, Prompt? prompt = null, int? round = null, JsonElement? result = null, IReadOnlyList<string>? next = null, JsonElement? given = null, string? cause = null, string? model = null, NodeWait? wait = null)
    {
        var number = attempt ?? node.Attempt;
        Add(new NodeStateChange
        {
            SessionId = SessionId,
            NodeId = node.Id,
            Status = status,
            Attempt = number > 1 ? number : null,
            Iteration = IterationOf(node),
            Item = ItemOf(node.Node),
            Given = given,
            Round = round,
            Result = result,
            Next = next,
            Cause = cause,
            Model = status == NodeStatus.Running ? model ?? node.Model : null,
            Wait = wait,
            Prompt = prompt,
        });
    }

    private readonly record struct Cut(int Events, long Size, string Status);
}
