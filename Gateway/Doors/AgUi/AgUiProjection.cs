using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Contracts;

namespace Gateway.Doors.AgUi;

/// <summary>What a session's events are in AG-UI 1.1: a fold of its log, and nothing else.</summary>
/// <remarks>
/// The same events always become the same blocks, so a block's place can be told by the event that it follows from, and a client that
/// comes back is told the rest, by whichever process. A run begins with what there is so far (<see cref="Begin"/>), and ends when the
/// session does, or waits for somebody.
/// </remarks>
internal sealed class AgUiProjection
{
    private const string ProtocolVersion = "1.0";
    private const string HeardMark = ":user.";

    private readonly string _sessionId;
    private readonly AgUiRun _run;
    private readonly AgUiState _state;
    private readonly Dictionary<string, AgUiLane> _lanes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _branches = new(StringComparer.Ordinal);
    private readonly List<AgUiMessage> _messages = [];
    private readonly List<string> _given;
    private readonly List<string> _heard = [];
    private List<JsonObject> _blocks = [];
    private DateTime _now;
    private ExecutionCompleted? _end;
    private (string Sentence, string Code)? _error;
    private bool _waits;

    // What the session itself asks, whether a budget is raised.
    private Prompt? _asks;

    /// <summary>The projection before the first event.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="workflowId">The workflow it runs.</param>
    /// <param name="startedAt">When it was started, UTC.</param>
    /// <param name="run">The run as the client asked for it.</param>
    public AgUiProjection(string sessionId, string workflowId, DateTime startedAt, AgUiRun run)
    {
        (_sessionId, _run, _now) = (sessionId, run, startedAt);
        _state = new AgUiState(sessionId, workflowId);
        _given = [.. run.Messages.Where(message => AgUiInput.IsOf(message, "user")).Select(message => AgUiInput.TextOf(message["content"]))];
    }

    /// <summary>The last event that it knows; 0 before the first.</summary>
    public long LastSeq { get; private set; }

    /// <summary>The event at which the answers that the run began with have taken effect; before it, the session waits for nobody. 0: it began with none.</summary>
    public long Until { get; set; }

    /// <summary>The prompts that wait.</summary>
    public IReadOnlyList<Prompt> OpenPrompts => [.. _lanes.Values.Select(lane => lane.Prompt).Append(_asks).OfType<Prompt>()];

    /// <summary>What users have said in it, to whomever; what waits for the end of a pause, too.</summary>
    public IReadOnlyList<string> Heard => _heard;

    /// <summary>Whether the run is over: the session has ended, or waits for somebody.</summary>
    public bool IsOver => _end is not null || _waits;

    /// <summary>Whether a message has the name of one that tells what a user has said elsewhere.</summary>
    public static bool IsHeard(string messageId) => messageId.LastIndexOf(HeardMark, StringComparison.Ordinal) is > 0 and var at && long.TryParse(messageId.AsSpan(at + HeardMark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _);

    /// <summary>The name of a call of a tool, which tells it from those of every other session.</summary>
    public static string ToolCallId(string sessionId, string callId) => $"{sessionId}:{callId}";

    /// <summary>The blocks that a run begins with: all that there is so far, and what goes on; where nothing does, its end, too.</summary>
    public IReadOnlyList<JsonObject> Begin()
    {
        _blocks = [];
        Add("RUN_STARTED", ("threadId", _run.ThreadId), ("runId", _run.RunId), ("protocolVersion", ProtocolVersion));
        if (_messages.Count > 0) AddMessages();
        _state.TakeChanges();
        Add("STATE_SNAPSHOT", ("snapshot", _state.Snapshot));
        foreach (var lane in _lanes.Values.Where(lane => lane.IsActive)) Open(lane);
        foreach (var lane in _lanes.Values)
        {
            if (lane.Reasoning is { } reasoning) AddReasoningStart(lane, reasoning);
            if (lane.Text is { } text) AddTextStart(text);
        }

        if (_end is not null) End(_end);
        else if (_waits && LastSeq >= Until) Interrupt();
        else _waits = false;
        return _blocks;
    }

    /// <summary>Folds in the next event; the blocks that follow from it.</summary>
    public IReadOnlyList<JsonObject> Apply(SessionEvent sessionEvent)
    {
        _blocks = [];
        _now = sessionEvent.Timestamp;
        if (_waits)
        {
            // Another run has begun, and has been told of all that is active.
            _waits = false;
            foreach (var lane in _lanes.Values.Where(lane => lane.IsActive)) lane.IsOpen = true;
        }

        switch (sessionEvent)
        {
            case SessionEvent<NodeStateChange> { Data: var change }: Change(change); break;
            case SessionEvent<TokenStream> { Data: { Tool: { } call } said }: Call(said, call); break;
            case SessionEvent<TokenStream> { Data: { AgentId: TokenStream.UserAgentId } said }: Hear(said, sessionEvent.Seq); break;
            case SessionEvent<TokenStream> { Data: { Chunk.Length: > 0 } said }: Speak(said); break;
            case SessionEvent<TokenUsage> { Data: var usage }: _state.Add(usage); break;
            case SessionEvent<ParallelStart> { Data: var fork }: _branches.UnionWith(fork.Branches); break;
            case SessionEvent<ExecutionError> { Data: var error }: Fail(error); break;
            case SessionEvent<ExecutionPaused> { Data: var pause }: Pause(pause, sessionEvent.Seq); break;
            case SessionEvent<ExecutionCompleted> { Data: var end }: End(end); break;
        }

        AddStateChanges();
        LastSeq = sessionEvent.Seq;
        return _blocks;
    }

    private void Change(NodeStateChange change)
    {
        var lane = LaneOf(change.NodeId);
        var (iteration, attempt) = (change.Iteration ?? 1, change.Attempt ?? 1);
        if (iteration > lane.Iteration || attempt > lane.Attempt)
        {
            CloseMessages(lane);
            if (iteration > lane.Iteration) Close(lane, NodeStatus.Completed);
            else Void(lane);
            (lane.Iteration, lane.Attempt, lane.Error, lane.Messages) = (iteration, attempt, null, 0);
        }

        if (change.Item is not null) lane.IsSubagent = true;
        lane.Status = change.Status;
        lane.Prompt = change.Status == NodeStatus.Suspended ? change.Prompt : null;
        if (lane.IsActive)
        {
            if (!lane.IsOpen) Open(lane);
        }
        else
        {
            CloseMessages(lane);
            Close(lane, change.Status);
        }

        _state.SetNode(lane);
        if (change.Status == NodeStatus.Running) _state.SetStatus(SessionStatus.Running, null);
    }

    private void Speak(TokenStream said)
    {
        if (said.NodeId is not { } nodeId) return;
        var lane = LaneOf(nodeId);
        lane.Calling = null;
        if (said.IsThinking)
        {
            CloseText(lane);
            if (lane.Reasoning is null) AddReasoningStart(lane, lane.Reasoning = New(lane, "reasoning", null));
            lane.Reasoning.Text.Append(said.Chunk);
            Add("REASONING_MESSAGE_CONTENT", lane, ("messageId", lane.Reasoning.Id), ("delta", said.Chunk));
        }
        else
        {
            CloseReasoning(lane);
            if (lane.Text is null) AddTextStart(lane.Text = New(lane, "assistant", said.AgentId));
            lane.Text.Text.Append(said.Chunk);
            Add("TEXT_MESSAGE_CONTENT", lane, ("messageId", lane.Text.Id), ("delta", said.Chunk));
        }
    }

    private void Call(TokenStream said, ToolCall call)
    {
        var lane = LaneOf(said.NodeId!);
        var id = ToolCallId(_sessionId, call.CallId);
        if (!_messages.Any(message => message.Calls.Any(known => known.Id == id))) Request(lane, id, call);
        if (call.Status is not (ToolCallStatus.Completed or ToolCallStatus.Failed or ToolCallStatus.Rejected)) return;

        var result = new AgUiMessage($"{id}:result", "tool") { Subagent = lane.SubagentRunId, ToolCallId = id };
        result.Text.Append(call.Result ?? call.Status);
        _messages.Add(result);
        Add("TOOL_CALL_RESULT", lane, ("messageId", result.Id), ("toolCallId", id), ("content", result.Text.ToString()), ("role", "tool"));
    }

    private void Request(AgUiLane lane, string id, ToolCall call)
    {
        // The calls of one answer belong to the message that it began with.
        lane.Calling ??= lane.Text ?? New(lane, "assistant", null);
        CloseMessages(lane);
        var arguments = call.Arguments?.GetRawText() ?? "{}";
        lane.Calling.Calls.Add((id, call.Name, arguments));
        Add("TOOL_CALL_START", lane, ("toolCallId", id), ("toolCallName", call.Name), ("parentMessageId", lane.Calling.Id));
        Add("TOOL_CALL_ARGS", lane, ("toolCallId", id), ("delta", arguments));
        Add("TOOL_CALL_END", lane, ("toolCallId", id));
    }

    private void Hear(TokenStream said, long seq)
    {
        // What the client has said itself, it has among its own messages.
        _heard.Add(said.Chunk);
        if (said.Chunk.Length == 0 || _given.Remove(said.Chunk)) return;
        var message = new AgUiMessage(string.Create(CultureInfo.InvariantCulture, $"{_sessionId}{HeardMark}{seq}"), "user");
        message.Text.Append(said.Chunk);
        _messages.Add(message);
        AddTextStart(message);
        Add("TEXT_MESSAGE_CONTENT", ("messageId", message.Id), ("delta", said.Chunk));
        Add("TEXT_MESSAGE_END", ("messageId", message.Id));
    }

    private void Fail(ExecutionError error)
    {
        _error = (error.Error, error.Code);
        if (error.NodeId is null) return;
        var lane = LaneOf(error.NodeId);
        lane.Error = _error;
        _state.SetNode(lane);
    }

    private void Pause(ExecutionPaused pause, long seq)
    {
        if (pause.HeldInput is { } held) _heard.Add(held.Content);
        if (pause.HeldInput?.Answer?.PromptId is { } answered && answered == _asks?.PromptId) _asks = null;
        _asks = pause.Prompt ?? _asks;
        _state.SetStatus(SessionStatus.Paused, pause.Reason);
        var asks = pause.Reason == PauseReason.AwaitingInput ? _lanes.Values.Any(lane => lane.Prompt is not null) : pause.Prompt is not null;
        if (!asks || seq < Until) return;
        AddStateChanges();
        Interrupt();
    }

    // The rules want nothing open at the end of a run; the next one is told of it again.
    private void Interrupt()
    {
        _waits = true;
        var asking = _lanes.Values.Where(lane => lane.Prompt is not null).Select(lane => AgUiInterrupts.Of(_sessionId, lane, lane.Prompt!));
        if (_asks is not null) asking = asking.Append(AgUiInterrupts.Of(_sessionId, null, _asks));
        foreach (var lane in _lanes.Values.Where(lane => lane.IsOpen))
        {
            CloseMessages(lane);
            if (lane.SubagentRunId is null)
            {
                Close(lane, NodeStatus.Suspended);
                continue;
            }

            lane.IsOpen = false;
            var outcome = new JsonObject { ["type"] = "suspended" };
            if (lane.Prompt is { } prompt) outcome["interruptIds"] = new JsonArray(AgUiInterrupts.Id(_sessionId, prompt.PromptId));
            Add("SUBAGENT_FINISHED", lane, ("outcome", outcome));
        }

        Finish(new JsonObject { ["type"] = "interrupt", ["interrupts"] = new JsonArray([.. asking]) });
    }

    private void End(ExecutionCompleted end)
    {
        _end = end;
        _state.SetStatus(end.Status, null);
        foreach (var lane in _lanes.Values)
        {
            CloseMessages(lane);
            Close(lane, NodeStatus.Cancelled);
        }

        AddStateChanges();
        switch (end.Status)
        {
            case SessionStatus.Completed: Finish(new JsonObject { ["type"] = "success" }, end.Output); break;
            case SessionStatus.Cancelled: Finish(new JsonObject { ["type"] = "cancelled" }); break;
            default: Add("RUN_ERROR", ("message", _error?.Sentence ?? "The session has failed."), ("code", _error?.Code ?? ErrorCode.InternalError), ("usage", _state.Usage())); break;
        }
    }

    private void Finish(JsonObject outcome, string? result = null)
    {
        var finished = Add("RUN_FINISHED", ("threadId", _run.ThreadId), ("runId", _run.RunId), ("outcome", outcome), ("usage", _state.Usage()));
        if (result is not null) finished["result"] = result;
    }

    private void Open(AgUiLane lane)
    {
        lane.IsOpen = true;
        if (_branches.Contains(lane.NodeId)) lane.IsSubagent = true;
        if (lane.IsSubagent) Add("SUBAGENT_STARTED", lane, ("name", lane.NodeId));
        else Add("STEP_STARTED", ("stepName", lane.NodeId));
    }

    private void Close(AgUiLane lane, string status)
    {
        if (!lane.IsOpen) return;
        lane.IsOpen = false;
        if (!lane.IsSubagent) Add("STEP_FINISHED", ("stepName", lane.NodeId));
        else if (status == NodeStatus.Failed) Add("SUBAGENT_ERROR", lane, ("message", lane.Error?.Sentence ?? $"Node '{lane.NodeId}' has failed."), ("code", lane.Error?.Code ?? ErrorCode.InternalError));
        else Add("SUBAGENT_FINISHED", lane, ("outcome", new JsonObject { ["type"] = "success" }));
    }

    // A new try of a node says it all again. Messages that are gone are told by a snapshot that lacks them; calls of tools stay.
    private void Void(AgUiLane lane)
    {
        var voided = _messages.Where(message => message.Said == (lane.NodeId, lane.Iteration, lane.Attempt) && message.Text.Length > 0).ToList();
        if (voided.Count == 0) return;
        foreach (var message in voided)
        {
            message.Text.Clear();
            if (message.Role == "assistant" && message.Calls.Count == 0) _messages.Remove(message);
        }

        // A snapshot without any reasoning leaves what clients have of it: so one that is voided stays as long as it is the only one, empty.
        foreach (var message in voided.Where(message => message.Role == "reasoning" && _messages.Any(other => other.Role == "reasoning" && other.Text.Length > 0))) _messages.Remove(message);
        AddMessages();
    }

    private void CloseMessages(AgUiLane lane)
    {
        CloseReasoning(lane);
        CloseText(lane);
    }

    private void CloseText(AgUiLane lane)
    {
        if (lane.Text is not { } text) return;
        lane.Text = null;
        Add("TEXT_MESSAGE_END", lane, ("messageId", text.Id));
    }

    private void CloseReasoning(AgUiLane lane)
    {
        if (lane.Reasoning is not { } reasoning) return;
        lane.Reasoning = null;
        Add("REASONING_MESSAGE_END", lane, ("messageId", reasoning.Id));
        Add("REASONING_END", lane, ("messageId", reasoning.Id));
    }

    private void AddTextStart(AgUiMessage message)
    {
        var start = Add("TEXT_MESSAGE_START", ("messageId", message.Id), ("role", message.Role));
        if (message.Name is not null) start["name"] = message.Name;
        if (message.Subagent is not null) start["subagentRunId"] = message.Subagent;
    }

    private void AddReasoningStart(AgUiLane lane, AgUiMessage reasoning)
    {
        Add("REASONING_START", lane, ("messageId", reasoning.Id));
        Add("REASONING_MESSAGE_START", lane, ("messageId", reasoning.Id), ("role", "reasoning"));
    }

    private void AddMessages() =>
        Add("MESSAGES_SNAPSHOT", ("messages", new JsonArray([.. _run.Messages.Select(message => message.DeepClone()), .. _messages.Select(message => message.ToJson())])));

    private void AddStateChanges()
    {
        if (_state.TakeChanges() is { } changes) Add("STATE_DELTA", ("delta", changes));
    }

    private AgUiMessage New(AgUiLane lane, string role, string? name)
    {
        var message = new AgUiMessage($"{_sessionId}:{lane.NodeId}:{lane.Iteration}.{lane.Attempt}.{++lane.Messages}", role) { Name = name, Subagent = lane.SubagentRunId, Said = (lane.NodeId, lane.Iteration, lane.Attempt) };
        _messages.Add(message);
        return message;
    }

    private AgUiLane LaneOf(string nodeId)
    {
        if (!_lanes.TryGetValue(nodeId, out var lane)) _lanes.Add(nodeId, lane = new AgUiLane(nodeId));
        return lane;
    }

    private JsonObject Add(string type, AgUiLane lane, params ReadOnlySpan<(string Name, JsonNode Value)> members)
    {
        var block = Add(type, members);
        if (lane.SubagentRunId is { } subagent) block["subagentRunId"] = subagent;
        return block;
    }

    private JsonObject Add(string type, params ReadOnlySpan<(string Name, JsonNode Value)> members)
    {
        var block = new JsonObject { ["type"] = type, ["timestamp"] = new DateTimeOffset(_now).ToUnixTimeMilliseconds() };
        foreach (var (name, value) in members) block[name] = value;
        _blocks.Add(block);
        return block;
    }
}
