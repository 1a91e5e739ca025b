using Gateway.Contracts;

namespace Gateway.Client.Stores;

/// <summary>A session as people read it: its messages in the order in which they began.</summary>
/// <remarks>
/// <para>A plain reducer: apply events in the order of their seq. One that is already in, and one that this version does not know, changes nothing.
/// Far behind, apply a snapshot and go on with the events after it.</para>
/// <para>It has no lock: apply and read on one thread, such as that of the view.</para>
/// </remarks>
/// <example>
/// <code>
/// var store = new SessionStore();
/// store.Changed += (_, change) => Show(change.Message);
/// await foreach (var e in client.ReadEventsAsync(id, store.LastSeq)) store.Apply(e);
/// </code>
/// </example>
public sealed class SessionStore
{
    private readonly List<SessionMessage> _messages = [];
    private readonly List<ParallelGroup> _groups = [];
    private readonly Dictionary<string, Speaker> _speakers = new(StringComparer.Ordinal);
    private SessionMessage? _asked;
    private readonly Dictionary<string, string> _startedBy = new(StringComparer.Ordinal);

    /// <summary>Raised after each change, on the thread that made it.</summary>
    public event EventHandler<SessionStoreChangedEventArgs>? Changed;

    /// <summary>The last event applied; 0 before the first.</summary>
    public long LastSeq { get; private set; }

    /// <summary>The messages, in the order in which they began.</summary>
    public IReadOnlyList<SessionMessage> Messages => _messages;

    /// <summary>The parallel nodes that have started branches, in order.</summary>
    public IReadOnlyList<ParallelGroup> Groups => _groups;

    /// <summary>Applies the next event.</summary>
    /// <returns>Whether it changed anything that is shown.</returns>
    public bool Apply(SessionEvent sessionEvent)
    {
        ArgumentNullException.ThrowIfNull(sessionEvent);
        if (sessionEvent.Seq <= LastSeq) return false;
        LastSeq = sessionEvent.Seq;
        return sessionEvent switch
        {
            SessionEvent<TokenStream> { Data: var data } => Apply(data),
            SessionEvent<NodeStateChange> { Data: var data } => Apply(data),
            SessionEvent<ParallelStart> { Data: var data } => Apply(data),
            SessionEvent<TokenUsage> { Data: var data } => Apply(data),
            SessionEvent<ExecutionPaused> { Data: var data } => Apply(data),
            SessionEvent<ExecutionError> { Data: { NodeId: { } nodeId, Code: not ErrorCode.BudgetWarning } data } => Fail(nodeId, data.Error),
            SessionEvent<ExecutionCompleted> => End(),
            _ => false,
        };
    }

    /// <summary>Puts the folded state in place of what is here; go on with the event after its seq.</summary>
    /// <remarks>A snapshot holds what each node said and not when, so the messages come in the order of the workflow, and what users said comes last.</remarks>
    public void Apply(SessionSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        _messages.Clear();
        _groups.Clear();
        _speakers.Clear();
        _startedBy.Clear();
        _asked = null;
        foreach (var (id, node) in snapshot.Nodes) Restore(id, node);
        if (snapshot.Prompt is { } prompt) Ask(prompt);
        foreach (var words in snapshot.UserMessages) Say(words, nodeId: null);
        foreach (var held in snapshot.HeldInputs) Say(held.Content, held.NodeId, held.Answer).IsHeld = true;
        LastSeq = snapshot.LastSeq;
        Changed?.Invoke(this, SessionStoreChangedEventArgs.Reset);
    }

    private bool Apply(TokenStream data)
    {
        var heard = data.AgentId == TokenStream.UserAgentId && Hear(data);
        if (data.Tool is { } call) return Apply(data, call);
        if (heard) return true;
        var speaker = SpeakerOf(data.NodeId ?? string.Empty);
        var (message, isNew) = MessageOf(speaker, data.NodeId);
        message.AgentId = data.AgentId;
        message.IsOpen = true;
        message.Append(data.Chunk, data.IsThinking);
        return Tell(message, isNew);
    }

    // The text beside it is a note for those who do not know calls.
    private bool Apply(TokenStream data, ToolCall call)
    {
        var (message, isNew) = MessageOf(SpeakerOf(data.NodeId ?? string.Empty), data.NodeId);
        if (data.AgentId != TokenStream.UserAgentId) message.AgentId = data.AgentId;
        message.Tell(call);
        return Tell(message, isNew);
    }

    private (SessionMessage Message, bool IsNew) MessageOf(Speaker speaker, string? nodeId)
    {
        var isNew = speaker.Message is null;
        var message = speaker.Message ??= Add(MessageKind.Agent, nodeId, speaker.Iteration);
        message.Attempt = speaker.Attempt;
        return (message, isNew);
    }

    // The first words that appear after a pause are the first that were held.
    private bool Hear(TokenStream data)
    {
        if (_messages.Find(message => message.IsHeld && message.NodeId == data.NodeId) is { } held)
        {
            held.IsHeld = false;
            return Tell(held, isNew: false);
        }

        return Tell(Say(data.Chunk, data.NodeId, data.Answer), isNew: true);
    }

    private bool Apply(NodeStateChange data)
    {
        var speaker = SpeakerOf(data.NodeId);
        var (iteration, attempt) = (data.Iteration ?? 1, data.Attempt ?? 1);
        speaker.Item = data.Item;
        var changed = false;
        if (iteration > speaker.Iteration)
        {
            Close(speaker);
            speaker.Message = null;
            (speaker.Iteration, speaker.Attempt) = (iteration, attempt);
        }
        else if (iteration == speaker.Iteration && attempt > speaker.Attempt)
        {
            speaker.Attempt = attempt;
            speaker.Message?.BeginAttempt(attempt);
            changed = speaker.Message is { } voided && Tell(voided, isNew: false);
        }

        if (data.Status != NodeStatus.Running) changed |= Close(speaker);
        else changed |= Close(_asked);
        if (data.Status == NodeStatus.Suspended && data.Prompt is { } prompt) changed |= Ask(speaker, data.NodeId, prompt);
        else if (data.Status != NodeStatus.Suspended) changed |= CloseQuestion(speaker);
        return changed;
    }

    private bool Apply(ParallelStart data)
    {
        _groups.Add(new ParallelGroup(data.NodeId, data.Branches));
        foreach (var branch in data.Branches) _startedBy[branch] = data.NodeId;
        Changed?.Invoke(this, SessionStoreChangedEventArgs.Groups);
        return true;
    }

    private bool Apply(TokenUsage data)
    {
        if (SpeakerOf(data.NodeId).Message is not { } message) return false;
        message.Usage = Sum.Of(message.Usage ?? Totals.Zero, data);
        return Tell(message, isNew: false);
    }

    private bool Apply(ExecutionPaused data)
    {
        var changed = data.Prompt is { } prompt && Ask(prompt);
        return (data.HeldInput is { } held && Hold(held)) || changed;
    }

    // The session itself asks one thing at a time, and goes on when that is answered.
    private bool Ask(Prompt prompt)
    {
        Close(_asked);
        var message = _asked = Add(MessageKind.Prompt, null, iteration: 1);
        message.Prompt = prompt;
        message.IsOpen = true;
        message.Append(prompt.Text, isThinking: false);
        return Tell(message, isNew: true);
    }

    private bool Hold(HeldInput input)
    {
        var message = Say(input.Content, input.NodeId, input.Answer);
        message.IsHeld = true;
        return Tell(message, isNew: true);
    }

    private bool Fail(string nodeId, string error)
    {
        if (SpeakerOf(nodeId).Message is not { } message) return false;
        message.Error = error;
        return Tell(message, isNew: false);
    }

    private bool End()
    {
        var changed = Close(_asked);
        foreach (var speaker in _speakers.Values) changed |= Close(speaker) | CloseQuestion(speaker);
        return changed;
    }

    private bool Ask(Speaker speaker, string nodeId, Prompt prompt)
    {
        if (speaker.Question is { IsOpen: true } asked && asked.Prompt?.PromptId == prompt.PromptId)
        {
            // It is shown once more after a pause, or as a reminder.
            if (asked.Prompt == prompt) return false;
            asked.Prompt = prompt;
            return Tell(asked, isNew: false);
        }

        var message = speaker.Question = Add(MessageKind.Prompt, nodeId, speaker.Iteration);
        message.Prompt = prompt;
        message.IsOpen = true;
        message.Append(prompt.Text, isThinking: false);
        return Tell(message, isNew: true);
    }

    private bool Close(Speaker speaker) => Close(speaker.Message);

    private bool CloseQuestion(Speaker speaker) => Close(speaker.Question);

    private bool Close(SessionMessage? message)
    {
        if (message is not { IsOpen: true }) return false;
        message.IsOpen = false;
        return Tell(message, isNew: false);
    }

    private void Restore(string id, NodeSnapshot node)
    {
        var speaker = SpeakerOf(id);
        (speaker.Iteration, speaker.Attempt, speaker.Item) = (node.Iteration ?? 1, node.Attempt ?? 1, node.Item);
        if (node.Text.Length > 0 || node.Thinking is { Length: > 0 } || node.Tools is { Count: > 0 })
        {
            var message = speaker.Message = Add(MessageKind.Agent, id, speaker.Iteration);
            message.Attempt = speaker.Attempt;
            message.IsOpen = node.Status == NodeStatus.Running;
            message.Error = node.Error;
            message.Append(node.Text, isThinking: false);
            message.Append(node.Thinking ?? string.Empty, isThinking: true);
            foreach (var call in node.Tools ?? []) message.Tell(call);
        }

        if (node.Prompt is not { } prompt) return;
        var question = speaker.Question = Add(MessageKind.Prompt, id, speaker.Iteration);
        question.Prompt = prompt;
        question.IsOpen = true;
        question.Append(prompt.Text, isThinking: false);
    }

    private SessionMessage Say(string words, string? nodeId, PromptAnswer? answer = null)
    {
        var message = Add(MessageKind.User, nodeId, iteration: 1);
        message.Answer = answer;
        message.AgentId = TokenStream.UserAgentId;
        message.Append(words, isThinking: false);
        return message;
    }

    private SessionMessage Add(MessageKind kind, string? nodeId, int iteration)
    {
        var message = new SessionMessage(_messages.Count, kind, nodeId, iteration) { ParallelNodeId = nodeId is null ? null : _startedBy.GetValueOrDefault(nodeId), Item = nodeId is null ? null : SpeakerOf(nodeId).Item };
        _messages.Add(message);
        return message;
    }

    private bool Tell(SessionMessage message, bool isNew)
    {
        Changed?.Invoke(this, new SessionStoreChangedEventArgs(message, isNew));
        return true;
    }

    private Speaker SpeakerOf(string nodeId)
    {
        if (!_speakers.TryGetValue(nodeId, out var speaker)) _speakers.Add(nodeId, speaker = new Speaker());
        return speaker;
    }

    // Where a node stands.
    private sealed class Speaker
    {
        public int Iteration { get; set; } = 1;

        public int Attempt { get; set; } = 1;

        public int? Item { get; set; }

        public SessionMessage? Message { get; set; }

        public SessionMessage? Question { get; set; }
    }
}
