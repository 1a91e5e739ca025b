using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Log;
using Gateway.Workflows;

namespace Gateway.Engine;

/// <summary>The state of a session: nothing but the fold of its log.</summary>
/// <remarks>The engine, recovery, late snapshots and the tests share this one reducer. It has one owner, and so no lock.</remarks>
internal sealed class SessionState
{
    // Of each node that is made for an item of a map, in characters.
    private const int NodeSize = 512;

    private readonly NodeKinds _kinds;
    private readonly List<NodeState> _live;
    private readonly Dictionary<string, NodeState> _nodes;
    private readonly List<string> _userMessages = [];
    private readonly List<HeldInput> _heldInputs = [];
    private readonly List<NodeState> _openPrompts = [];
    private readonly DueTimes _dues = new();
    private readonly HashSet<string> _approvedTools = new(StringComparer.Ordinal);
    private long _progress;
    private bool _begunAgain;

    /// <summary>The state before the first event.</summary>
    /// <param name="header">What the session was started with.</param>
    /// <param name="kinds">The node kinds of this gateway. The fold asks the kinds nothing, so a state can hold nodes of types that this gateway does not have.</param>
    public SessionState(SessionHeader header, NodeKinds kinds)
    {
        Header = header;
        _kinds = kinds;
        Workflow = Defaults.PutInto(header.Workflow, kinds.Shapes);
        Parallelism = new Parallelism(Workflow.MaxParallel);
        Graph = new WorkflowGraph(Workflow, kinds.Shapes);
        if (Graph.Nodes.Any(node => node.Nests && ChildWorkflows.MaxParallelKey.WholeNumber(node.Definition) is not null)) Parallelism.BoundChild();
        _live = new List<NodeState>(Graph.Nodes.Count);
        _nodes = new Dictionary<string, NodeState>(Graph.Nodes.Count, StringComparer.Ordinal);
        if (Budget.Of(header.Workflow.Budget) is { IsNone: false } budget) Budgets.Add(new BudgetState(this, budget, null));
        foreach (var node in Graph.Nodes.Where(node => !node.IsPattern)) Make(node);
    }

    /// <summary>What the session was started with.</summary>
    public SessionHeader Header { get; }

    /// <summary>Its workflow, whose agents and nodes say what its defaults say.</summary>
    public WorkflowDefinition Workflow { get; }

    /// <summary>How many of its nodes are at work, and may be.</summary>
    public Parallelism Parallelism { get; }

    /// <summary>The graph of its workflow.</summary>
    public WorkflowGraph Graph { get; }

    /// <summary>Its nodes, in definition order; behind them those for the items of maps, in the order in which they have begun.</summary>
    /// <remarks>The body of a map is a pattern of nodes, and none itself.</remarks>
    public IReadOnlyList<NodeState> Nodes => _live;

    /// <summary>One of <see cref="SessionStatus"/>.</summary>
    public string Status { get; private set; } = SessionStatus.Running;

    /// <summary>Why it is paused; null when it is not.</summary>
    public string? PauseReason { get; private set; }

    /// <summary>The last event folded in; 0 before the first.</summary>
    public long LastSeq { get; private set; }

    /// <summary>Time of the last event folded in, UTC.</summary>
    public DateTime LastTimestamp { get; private set; } = DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc);

    /// <summary>How long the session has gone on at <see cref="LastTimestamp"/>, without its pauses; waiting for somebody is none.</summary>
    public TimeSpan Clock { get; private set; }

    /// <summary>How long the session has been at work at <see cref="LastTimestamp"/>, without its pauses, waiting for somebody, and the time until work that was lost is begun again.</summary>
    public TimeSpan Worked { get; private set; }

    /// <summary>The node whose time comes next, and when, on <see cref="Clock"/>; null when no node has one.</summary>
    public (NodeState Node, TimeSpan At)? NextDue => _dues.Next;

    /// <summary>Where it stands, for its log.</summary>
    /// <remarks>What runs is brought back after a crash anyway; only who waits for somebody must be woken.</remarks>
    public SessionStanding Standing => new(Status, Status == SessionStatus.Paused && !IsPaused && NextDue is { } due ? TimeOf(due.At) : null);

    /// <summary>What users said to the whole session, in order.</summary>
    public IReadOnlyList<string> UserMessages => _userMessages;

    /// <summary>What users said while it was paused, in order.</summary>
    public IReadOnlyList<HeldInput> HeldInputs => _heldInputs;

    /// <summary>The suspended nodes, the longest-waiting first.</summary>
    /// <remarks>A snapshot does not hold this order: after <see cref="FromSnapshot"/> it is that of the definition.</remarks>
    public IReadOnlyList<NodeState> OpenPrompts => _openPrompts;

    /// <summary>What the decision under way may still take.</summary>
    public StepBudget Steps { get; } = new();

    /// <summary>What users have said so far and is not held, in bytes with the cost of each message.</summary>
    public long SaidBytes { get; private set; }

    /// <summary>What is held, in bytes with the cost of each message.</summary>
    public long HeldBytes { get; private set; }

    /// <summary>How many characters its texts have, of models and users, held ones included.</summary>
    public long Characters { get; private set; }

    /// <summary>How often in a row its work was begun again without any other event.</summary>
    public int Interruptions { get; private set; }

    /// <summary>The last answer that a user gave to a prompt, held or taken; null when there is none since the state was made.</summary>
    public GivenAnswer? LastAnswer { get; private set; }

    /// <summary>The node whose body, or the next round of it, began with the last event; null when none did.</summary>
    public NodeState? JustBegun { get; private set; }

    /// <summary>What the session has consumed, all together.</summary>
    public Totals Totals => Spending.Sum;

    /// <summary>What the session has consumed, by node and by agent, too.</summary>
    public Spending Spending { get; } = new();

    /// <summary>Its budgets and those of its nodes.</summary>
    public SessionBudgets Budgets { get; } = new();

    /// <summary>The text that reached the end.</summary>
    public string? Output { get; private set; }

    /// <summary>The last error.</summary>
    public string? Error { get; private set; }

    /// <summary>The last error's code.</summary>
    public string? ErrorCode { get; private set; }

    /// <summary>The tools of which a person has approved a call.</summary>
    public IReadOnlySet<string> ApprovedTools => _approvedTools;

    /// <summary>Whether the session has ended.</summary>
    public bool IsFinal => SessionStatus.IsFinal(Status);

    /// <summary>Whether the session is paused for another reason than an open prompt.</summary>
    public bool IsPaused => Status == SessionStatus.Paused && PauseReason != Contracts.PauseReason.AwaitingInput;

    /// <summary>A node by its id.</summary>
    public NodeState this[string id] => _nodes[id];

    /// <summary>The state of a node of its graph.</summary>
    public NodeState this[WorkflowNode node] => _live[node.Slot];

    /// <summary>Whether a loop has gone through a round, or a map may begin its next item, and what follows from that is not decided yet.</summary>
    public bool IsDue
    {
        get
        {
            foreach (var loop in Graph.Loops)
            {
                if (this[loop].IsDue) return true;
            }

            return false;
        }
    }

    /// <summary>Finds a node; null when there is none.</summary>
    public NodeState? Find(string id) => _nodes.GetValueOrDefault(id);

    /// <summary>The agent that a node calls by a name of its own workflow; null when there is none.</summary>
    public AgentDefinition? FindAgent(NodeState node, string name) => Workflow.Agents?.GetValueOrDefault(ChildWorkflow.Resolve(node.Node.Name, name));

    /// <summary>The node whose child workflow a node is of; null when it is of none.</summary>
    public NodeState? FindParent(NodeState node)
    {
        for (var around = node.Node.Loop; around is not null; around = around.Loop)
        {
            if (around.Nests) return this[around];
        }

        return null;
    }

    /// <summary>What a node's workflow works on, as text and, where it has any, with its members.</summary>
    public (string Text, JsonElement? Members) InputOf(NodeState node)
    {
        if (FindParent(node)?.Given is not { } given) return (Header.Input, Header.InputMembers);
        return given.ValueKind == JsonValueKind.Object ? (InputText.Lines(given), given) : (given.GetString() ?? string.Empty, null);
    }

    /// <summary>The node that another calls by a name of its own workflow: the one for the same item of a map, where it stands for any; null when there is none.</summary>
    public NodeState? Find(NodeState node, string name)
    {
        var full = ChildWorkflow.Resolve(node.Node.Name, name);
        for (var items = node.Node.Items; items.Length > 0; items = items[..items.LastIndexOf('[')])
        {
            if (Find(full + items) is { } found) return found;
        }

        return Find(full);
    }

    /// <summary>How long the session has gone on at a time after its last event, UTC.</summary>
    public TimeSpan ClockAt(DateTime now) => IsPaused || now <= LastTimestamp ? Clock : Clock + (now - LastTimestamp);

    /// <summary>The time, UTC, at which its clock shows <paramref name="clock"/>, as long as it is not paused.</summary>
    public DateTime TimeOf(TimeSpan clock) => LastTimestamp + (clock - Clock);

    /// <summary>Folds in the next event.</summary>
    /// <exception cref="DamagedLogException">It cannot follow the events before it.</exception>
    public void Apply(SessionEvent sessionEvent)
    {
        // A merged event leaves a gap before it, so only the order can be checked here.
        if (sessionEvent.Seq <= LastSeq) throw new DamagedLogException($"Event {sessionEvent.Seq} follows event {LastSeq}.");
        if (IsFinal) throw new DamagedLogException($"Event {sessionEvent.Seq} follows the end of the session.");

        if (LastTimestamp > DateTime.MinValue && Status == SessionStatus.Running && !EndsDowntime(sessionEvent)) Worked += sessionEvent.Timestamp - LastTimestamp;
        if (LastSeq > 0 && !IsPaused) Clock += sessionEvent.Timestamp - LastTimestamp;
        switch (sessionEvent)
        {
            case SessionEvent<TokenStream> { Data: var data }: Apply(data, sessionEvent); break;
            case SessionEvent<NodeStateChange> { Data: var data }: Apply(data, sessionEvent); break;
            case SessionEvent<TokenUsage> { Data: var data }: Apply(data, sessionEvent.Seq); break;
            case SessionEvent<ExecutionPaused> { Data: var data }: Apply(data, sessionEvent.Timestamp); break;
            case SessionEvent<ExecutionCompleted> { Data: var data }: Apply(data); break;
            case SessionEvent<ExecutionError> { Data: var data }: Apply(data, sessionEvent.Seq); break;
            case SessionEvent<ParallelStart>: break;
            default: throw new DamagedLogException($"Event {sessionEvent.Seq} is of a type that cannot be folded: {sessionEvent.Event}.");
        }

        if (!_begunAgain && GetsFurther(sessionEvent))
        {
            _progress = sessionEvent.Seq;
            Interruptions = 0;
        }

        _begunAgain = false;
        JustBegun = sessionEvent is SessionEvent<NodeStateChange> { Data: { Status: NodeStatus.Running, Round: not null } or { Status: NodeStatus.Running, Given: not null } } begun ? Find(begun.Data.NodeId) : null;
        LastSeq = sessionEvent.Seq;
        LastTimestamp = sessionEvent.Timestamp;
    }

    /// <summary>The state as clients see it.</summary>
    public SessionSnapshot ToSnapshot() => new()
    {
        SessionId = Header.SessionId,
        WorkflowId = Header.WorkflowId,
        Status = Status,
        PauseReason = PauseReason,
        LastSeq = LastSeq,
        CreatedAt = Header.CreatedAt,
        ForkedFrom = Header.ForkedFrom,
        Nodes = Nodes.ToDictionary(node => node.Id, node => node.ToSnapshot(), StringComparer.Ordinal),
        UserMessages = [.. _userMessages],
        HeldInputs = [.. _heldInputs],
        Prompt = Budgets.Prompt,
        Budget = Budgets.All is [{ Node: null } budget, ..] ? budget.ToSnapshot() : null,
        Totals = Spending.Whole,
        Output = Output,
        Error = Error,
        ErrorCode = ErrorCode,
    };

    /// <summary>The state that <paramref name="snapshot"/> was taken of, without what only the next round of a loop would be told.</summary>
    public static SessionState FromSnapshot(SessionHeader header, NodeKinds kinds, SessionSnapshot snapshot)
    {
        var state = new SessionState(header, kinds)
        {
            Status = snapshot.Status,
            PauseReason = snapshot.PauseReason,
            LastSeq = snapshot.LastSeq,
            Output = snapshot.Output,
            Error = snapshot.Error,
            ErrorCode = snapshot.ErrorCode,
        };
        state.Spending.Restore(snapshot.Totals);
        if (snapshot.Budget is { } budget)
        {
            state.Worked = TimeSpan.FromTicks((long)(budget.Spent.Seconds * TimeSpan.TicksPerSecond));
            state.Budgets.All[0].Restore(budget);
        }

        foreach (var (id, node) in snapshot.Nodes)
        {
            var restored = state.Find(id) ?? state.MakeItem(id) ?? state.Require(id, snapshot.LastSeq);
            if (restored.Node.Map is { } map) state[map].BeginItem(restored.Node.Item);
            restored.Restore(node);
        }

        if (snapshot.Prompt is { } prompt) state.Budgets.Ask(prompt);
        state._openPrompts.AddRange(state.Nodes.Where(node => node.Status == NodeStatus.Suspended));
        state._userMessages.AddRange(snapshot.UserMessages);
        state._heldInputs.AddRange(snapshot.HeldInputs);
        state.HeldBytes = snapshot.HeldInputs.Sum(SizeOf);
        state.SaidBytes = snapshot.UserMessages.Sum(words => SizeOf(words));
        return state;
    }

    /// <summary>What a user's words count for, in bytes, with what they answer as JSON.</summary>
    public static long SizeOf(string words, JsonElement? data = null) => Encoding.UTF8.GetByteCount(words) + JsonLimits.SizeOf(data) + ConversationBounds.PerMessage;

    private static long SizeOf(HeldInput held) => SizeOf(held.Content, held.Answer?.Data);

    private void Apply(TokenStream data, SessionEvent sessionEvent)
    {
        Characters += data.Chunk.Length + JsonLimits.SizeOf(data.Answer?.Data);
        if (data.AgentId == TokenStream.UserAgentId) SaidBytes += SizeOf(data.Chunk, data.Answer?.Data);
        if (data.AgentId == TokenStream.UserAgentId && !Release(data.NodeId, data.Chunk) && data.NodeId is { } answered) LastAnswer = new GivenAnswer(answered, data.Chunk, data.Answer?.Action, sessionEvent.Timestamp);
        if (data.NodeId is null)
        {
            // An answer to the session itself is nothing that agents are to hear.
            if (!SessionBudgets.IsAnswer(data.Answer)) _userMessages.Add(data.Chunk);
            return;
        }

        var node = Require(data.NodeId, sessionEvent.Seq);
        if (data.Tool is { } call)
        {
            Characters -= data.Chunk.Length + JsonLimits.SizeOf(data.Answer?.Data) + node.Characters;
            node.Apply(call);
            Characters += node.Characters;
            if (call.Status == ToolCallStatus.Approved) _approvedTools.Add(call.Name);
            return;
        }

        node.Say(data.Chunk, data.IsThinking);
        if (data.AgentId == TokenStream.UserAgentId) node.Take(UserAnswer.Of(data.Chunk, data.Answer));
    }

    // No user's words appear while a session is paused, so the first words that appear afterwards are the first that were held.
    private bool Release(string? nodeId, string words)
    {
        // An answer to a prompt that was closed meanwhile is said to the whole session. Words are released in the order in which they were said.
        var held = _heldInputs.FindIndex(input => input.NodeId == nodeId || (nodeId is null && input.Content == words));
        if (held < 0) return false;
        HeldBytes -= SizeOf(_heldInputs[held]);
        Characters -= _heldInputs[held].Content.Length + JsonLimits.SizeOf(_heldInputs[held].Answer?.Data);
        _heldInputs.RemoveAt(held);
        return true;
    }

    private void Apply(NodeStateChange data, SessionEvent sessionEvent)
    {
        var node = Find(data.NodeId) ?? MakeItem(data.NodeId) ?? Require(data.NodeId, sessionEvent.Seq);
        if (data.Status == NodeStatus.Pending && node.Node.Map is { } map) this[map].BeginItem(node.Node.Item);
        NoteBegunAgain(node, data);
        var before = node.Characters;
        node.Apply(data, sessionEvent.Timestamp);
        Characters -= before - node.Characters;
        _dues.Note(node);
        if (data.Status != NodeStatus.Suspended) _openPrompts.Remove(node);
        else if (!_openPrompts.Contains(node)) _openPrompts.Add(node);

        if (data.Status != NodeStatus.Running) return;
        Status = SessionStatus.Running;
        PauseReason = null;
        Budgets.Close();
    }

    // What a model says is lost with its attempt; what a user or a tool has said is not.
    private static bool GetsFurther(SessionEvent sessionEvent) => sessionEvent is not (
        SessionEvent<TokenUsage>
        or SessionEvent<TokenStream> { Data: { Tool: null, AgentId: not TokenStream.UserAgentId } });

    // Between the last event of a process that has ended and the first of the next one nothing was at work.
    private bool EndsDowntime(SessionEvent sessionEvent) =>
        sessionEvent is SessionEvent<ExecutionPaused> { Data.Reason: Contracts.PauseReason.Interrupted } || BeginsAgain(sessionEvent);

    private bool BeginsAgain(SessionEvent sessionEvent) =>
        sessionEvent is SessionEvent<NodeStateChange> { Data: { Status: NodeStatus.Running, Cause: null } data } && Find(data.NodeId) is { Status: NodeStatus.Running } node && (data.Attempt ?? 1) > node.Attempt;

    // Several nodes that are begun again at once are one interruption of the session.
    private void NoteBegunAgain(NodeState node, NodeStateChange change)
    {
        _begunAgain = change.Status == NodeStatus.Running && node.Status == NodeStatus.Running && (change.Attempt ?? 1) > node.Attempt && change.Cause is null;
        if (!_begunAgain)
        {
            // Nothing is done yet where a node waits for its model, or does no longer.
            _begunAgain = change.Status == NodeStatus.Running && (change.Attempt ?? 1) == node.Attempt && (change.Wait ?? node.Wait)?.Reason == NodeWaitReason.Model;
            return;
        }

        node.BegunAgain = node.BegunAgainSince == _progress ? node.BegunAgain + 1 : 1;
        node.BegunAgainSince = _progress;
        Interruptions = Math.Max(Interruptions, node.BegunAgain);
    }

    private void Apply(TokenUsage data, long seq)
    {
        if (data.Truncated == true) Require(data.NodeId, seq).IsTruncated = true;
        Spending.Add(data);
        Budgets.Count(data, this);
    }

    private void Apply(ExecutionPaused data, DateTime timestamp)
    {
        // What is told of late has been going on for a while.
        if (!IsPaused && data.Since < timestamp) Clock -= timestamp - data.Since.Value;
        if (Status == SessionStatus.Running && data.Since < timestamp) Worked -= timestamp - data.Since.Value;
        Status = SessionStatus.Paused;
        PauseReason = data.Reason;
        if (data.Prompt is { } prompt) Budgets.Ask(prompt);
        if (data.HeldInput is not { } held) return;
        _heldInputs.Add(held);
        HeldBytes += SizeOf(held);
        Characters += held.Content.Length + JsonLimits.SizeOf(held.Answer?.Data);
        if (SessionBudgets.IsAnswer(held.Answer)) Budgets.Answer(held.Answer!);
        if (held.NodeId is not null || SessionBudgets.IsAnswer(held.Answer)) LastAnswer = new GivenAnswer(held.NodeId, held.Content, held.Answer?.Action, timestamp);
    }

    private void Apply(ExecutionCompleted data)
    {
        Status = data.Status;
        PauseReason = null;
        Output = data.Output;
        Budgets.Close();
    }

    private void Apply(ExecutionError data, long seq)
    {
        if (data.Code == Contracts.ErrorCode.BudgetWarning)
        {
            Budgets.Warn(data);
            return;
        }

        Error = data.Error;
        ErrorCode = data.Code;
        if (data.NodeId is { } nodeId) Require(nodeId, seq).Fail(data.Error, data.Code);
    }

    private NodeState Make(WorkflowNode node)
    {
        node.Slot = _live.Count;
        var state = new NodeState(this, node, _kinds.Find(node.Type));
        _live.Add(state);
        _nodes.Add(node.Id, state);
        if (Budget.Of(node.Definition.Budget) is { IsNone: false } budget) Budgets.Add(state.Budget = new BudgetState(this, budget, state));
        return state;
    }

    // The first event about a node for an item of a map makes all nodes of the item.
    private NodeState? MakeItem(string nodeId)
    {
        var map = Graph.FindPattern(nodeId);
        while (map is { Maps: false } or { IsPattern: true, Loop: not null }) map = map.Loop;
        if (map is null || !int.TryParse(nodeId.AsSpan(nodeId.LastIndexOf('[') + 1).TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture, out var item) || item >= MapBounds.Items) return null;
        if (_nodes.ContainsKey($"{map.Entry!.Name}{map.Items}[{item}]")) return null;
        foreach (var made in Graph.Stamp(map, item).OrderBy(node => node.Index).Select(Make).ToList())
        {
            made.JoinItem();
            Characters += NodeSize;
        }

        return Find(nodeId);
    }

    private NodeState Require(string nodeId, long seq) =>
        Find(nodeId) ?? throw new DamagedLogException($"Event {seq} is about node '{nodeId}', which the workflow does not have.");
}
