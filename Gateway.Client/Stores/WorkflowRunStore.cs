using Gateway.Contracts;

namespace Gateway.Client.Stores;

/// <summary>A session as those see it who steer it: what runs, what waits, how long and at what cost.</summary>
/// <remarks>
/// <para>A plain reducer: apply events in the order of their seq. One that is already in, and one that this version does not know, changes nothing.
/// Far behind, apply a snapshot and go on with the events after it.</para>
/// <para>It has no lock: apply and read on one thread, such as that of the view.</para>
/// </remarks>
public sealed class WorkflowRunStore
{
    private readonly List<NodeRun> _nodes = [];
    private readonly Dictionary<string, NodeRun> _byId = new(StringComparer.Ordinal);
    private readonly List<NodeRun> _active = [];
    private readonly List<NodeRun> _openPrompts = [];
    private RunClock _clock;

    /// <summary>Raised after each change, on the thread that made it.</summary>
    public event EventHandler? Changed;

    /// <summary>The last event applied; 0 before the first.</summary>
    public long LastSeq { get; private set; }

    /// <summary>One of <see cref="SessionStatus"/>.</summary>
    public string Status { get; private set; } = SessionStatus.Running;

    /// <summary>Why it stands still, when it does; one of <see cref="Contracts.PauseReason"/>.</summary>
    public string? PauseReason { get; private set; }

    /// <summary>The nodes heard of, in the order in which they were.</summary>
    public IReadOnlyList<NodeRun> Nodes => _nodes;

    /// <summary>The nodes at work or waiting for a user, in the order in which they began.</summary>
    public IReadOnlyList<NodeRun> ActiveNodes => _active;

    /// <summary>The nodes that wait for a user, the longest-waiting first.</summary>
    public IReadOnlyList<NodeRun> OpenPrompts => _openPrompts;

    /// <summary>What the session itself asks, while it stands still for the answer: whether a budget is raised.</summary>
    public Prompt? Prompt { get; private set; }

    /// <summary>The last warning that a budget is nearly used up; after a snapshot, only one that came later.</summary>
    public string? Warning { get; private set; }

    /// <summary>What the session has consumed.</summary>
    public Totals Totals { get; private set; } = Totals.Zero;

    /// <summary>The text that reached the end, once it did.</summary>
    public string? Output { get; private set; }

    /// <summary>The last error of the session.</summary>
    public string? Error { get; private set; }

    /// <summary>The stable code of <see cref="Error"/>, one of <see cref="Contracts.ErrorCode"/>.</summary>
    public string? ErrorCode { get; private set; }

    /// <summary>Whether the session has ended.</summary>
    public bool IsOver => SessionStatus.IsFinal(Status);

    /// <summary>How long the session has been at work, without its pauses.</summary>
    /// <param name="now">The time it is now, UTC.</param>
    /// <remarks>After a snapshot, only from there on: a snapshot does not tell of earlier pauses.</remarks>
    public TimeSpan Elapsed(DateTime now) => _clock.Elapsed(now);

    internal RunClock Clock => _clock;

    /// <summary>Finds a node; null when nothing has been heard of it.</summary>
    public NodeRun? Find(string nodeId) => _byId.GetValueOrDefault(nodeId);

    /// <summary>Applies the next event.</summary>
    /// <returns>Whether it changed anything that is shown.</returns>
    public bool Apply(SessionEvent sessionEvent)
    {
        ArgumentNullException.ThrowIfNull(sessionEvent);
        if (sessionEvent.Seq <= LastSeq) return false;
        var isFirst = LastSeq == 0;
        LastSeq = sessionEvent.Seq;
        if (isFirst) _clock.Start(sessionEvent.Timestamp);
        switch (sessionEvent)
        {
            case SessionEvent<NodeStateChange> { Data: var data }:
                Apply(data, sessionEvent.Timestamp);
                break;
            case SessionEvent<TokenUsage> { Data: var data }:
                Totals = Sum.OfSession(Totals, data);
                Node(data.NodeId).Usage = Sum.Of(Node(data.NodeId).Usage, data);
                break;
            case SessionEvent<ExecutionPaused> { Data: var data }:
                (Status, PauseReason, Prompt) = (SessionStatus.Paused, data.Reason, data.Prompt ?? Prompt);
                StopAll(sessionEvent.Timestamp);
                break;
            case SessionEvent<ExecutionError> { Data: { Code: Contracts.ErrorCode.BudgetWarning } data }:
                Warning = data.Error;
                break;
            case SessionEvent<ExecutionError> { Data: var data }:
                (Error, ErrorCode) = (data.Error, data.Code);
                if (data.NodeId is { } nodeId) Node(nodeId).Error = data.Error;
                break;
            case SessionEvent<ExecutionCompleted> { Data: var data }:
                (Status, PauseReason, Prompt, Output, Totals) = (data.Status, null, null, data.Output, data.Totals);
                StopAll(sessionEvent.Timestamp);
                break;
            default:
                return false;
        }

        Changed?.Invoke(this, EventArgs.Empty);
        return true;
    }

    /// <summary>Puts the folded state in place of what is here; go on with the event after its seq.</summary>
    /// <param name="snapshot">The state of the session.</param>
    /// <param name="now">The time it is now, UTC; what runs is timed from here on.</param>
    public void Apply(SessionSnapshot snapshot, DateTime now)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        _nodes.Clear();
        _byId.Clear();
        _active.Clear();
        _openPrompts.Clear();
        _clock = default;
        foreach (var (id, told) in snapshot.Nodes) Restore(Node(id), told, snapshot.Status, now);
        (Status, PauseReason, Totals, LastSeq) = (snapshot.Status, snapshot.PauseReason, snapshot.Totals, snapshot.LastSeq);
        (Prompt, Warning, Output, Error, ErrorCode) = (snapshot.Prompt, null, snapshot.Output, snapshot.Error, snapshot.ErrorCode);
        if (Status == SessionStatus.Running) _clock.Start(now);
        Changed?.Invoke(this, EventArgs.Empty);
    }

    private void Apply(NodeStateChange data, DateTime time)
    {
        var node = Node(data.NodeId);
        if ((data.Iteration ?? 1, data.Attempt ?? 1) is var (iteration, attempt) && (iteration > node.Iteration || (iteration == node.Iteration && attempt > node.Attempt)))
        {
            (node.Iteration, node.Attempt, node.Error) = (iteration, attempt, null);
        }

        node.Item = data.Item;
        Enter(node, data.Status, data.Prompt);
        if (data.Status != NodeStatus.Running)
        {
            node.Stop(time);
            return;
        }

        // A node that runs tells that the session does, and with it all that ran before a pause.
        (Status, PauseReason, Prompt) = (SessionStatus.Running, null, null);
        _clock.Start(time);
        foreach (var active in _active.Where(active => active.Status == NodeStatus.Running)) active.Run(time);
    }

    private void Restore(NodeRun node, NodeSnapshot told, string status, DateTime now)
    {
        (node.Iteration, node.Attempt, node.Item, node.Error) = (told.Iteration ?? 1, told.Attempt ?? 1, told.Item, told.Error);
        Enter(node, told.Status, told.Prompt);
        if (told.Status == NodeStatus.Running && status == SessionStatus.Running) node.Run(now);
    }

    private void Enter(NodeRun node, string status, Prompt? prompt)
    {
        node.Status = status;
        node.Prompt = status == NodeStatus.Suspended ? prompt : null;
        Keep(_active, node, status is NodeStatus.Running or NodeStatus.Suspended);
        Keep(_openPrompts, node, status == NodeStatus.Suspended);
    }

    private void StopAll(DateTime time)
    {
        _clock.Stop(time);
        foreach (var node in _active) node.Stop(time);
    }

    private NodeRun Node(string id)
    {
        if (_byId.TryGetValue(id, out var node)) return node;
        node = new NodeRun(id);
        _byId.Add(id, node);
        _nodes.Add(node);
        return node;
    }

    private static void Keep(List<NodeRun> list, NodeRun node, bool belongs)
    {
        if (!belongs) list.Remove(node);
        else if (!list.Contains(node)) list.Add(node);
    }
}
