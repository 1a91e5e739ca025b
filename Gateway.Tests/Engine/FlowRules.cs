using Gateway.Contracts;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>Goes through the log of a random flow and holds each change of a node against what stood in the log before it.</summary>
internal sealed class FlowRules
{
    private readonly IReadOnlyDictionary<string, NodeDefinition> _nodes;
    private readonly Dictionary<string, NodeStateChange> _last = [];
    private readonly HashSet<(string, int)> _started = [];
    private readonly Dictionary<string, List<string>> _before;
    private readonly Dictionary<string, int> _counts = [];
    private readonly Dictionary<(string, int?, string?), int> _tries = [];
    private readonly List<string> _cancelled = [];
    private readonly Dictionary<string, string> _calls = [];
    private readonly int? _most;
    private bool _paused;

    private FlowRules(WorkflowDefinition workflow)
    {
        _nodes = workflow.Nodes!;
        _most = workflow.MaxParallel;
        _before = _nodes.Keys.ToDictionary(id => id, id => _nodes.Where(n => RandomFlow.LoopOf(n.Key) == RandomFlow.LoopOf(id) && RandomFlow.NextOf(n.Key, n.Value).Contains(id)).Select(n => n.Key).ToList());
    }

    public static void Check(WorkflowDefinition workflow, IReadOnlyList<SessionEvent> events)
    {
        var rules = new FlowRules(workflow);
        var end = events.TakeWhile(e => !IsEnd(events, e.Seq)).Count();
        foreach (var (index, sessionEvent) in events.Index()) rules.Step(sessionEvent, isEnding: index >= end);
        foreach (var (id, change) in rules._last) Assert.False(IsOpen(change.Status), $"{id} is left {change.Status}");
    }

    // The session's end cancels what is left, and comes right behind.
    private static bool IsEnd(IReadOnlyList<SessionEvent> events, long seq) =>
        events.Skip((int)seq - 1).All(e => e is SessionEvent<ExecutionCompleted> or SessionEvent<TokenUsage> or SessionEvent<NodeStateChange> { Data.Status: NodeStatus.Cancelled });

    private static bool IsOpen(string status) => status is NodeStatus.Pending or NodeStatus.Running or NodeStatus.Suspended;

    private void Step(SessionEvent sessionEvent, bool isEnding)
    {
        if (sessionEvent is not (SessionEvent<TokenUsage> or SessionEvent<NodeStateChange> { Data.Status: NodeStatus.Cancelled })) CheckNobodyWaitsForTheCancelled();
        if (sessionEvent is SessionEvent<ExecutionPaused>) _paused = true;
        if (sessionEvent is SessionEvent<TokenStream> { Data: { NodeId: { } speaker } token }) Assert.Equal(_last[speaker].Iteration, token.Iteration);
        if (sessionEvent is SessionEvent<TokenStream> { Data: { NodeId: { } caller, Tool: { } told } }) CheckCall(_nodes[RandomFlow.NameOf(caller)], told);
        if (sessionEvent is not SessionEvent<NodeStateChange> { Data: var change }) return;
        var (id, iteration) = (change.NodeId, change.Iteration ?? 1);
        if (change.Given is { ValueKind: System.Text.Json.JsonValueKind.Array } list) _counts[id] = list.GetArrayLength();
        if (change.Status == NodeStatus.Pending) CheckItem(id, change.Item);
        var last = _last.GetValueOrDefault(id);
        var (status, reached) = (last?.Status ?? NodeStatus.Pending, last?.Iteration ?? 1);
        Assert.True(iteration >= reached, $"{id} goes back to iteration {iteration}");
        switch (change.Status)
        {
            case NodeStatus.Pending when last is null:
                break;
            case NodeStatus.Pending:
                Assert.True(!IsOpen(status) && iteration == reached + 1, $"{id} is pending in iteration {iteration} while {status} in {reached}");
                Assert.Equal(NodeStatus.Running, StatusOf(LoopOf(id)!));
                break;
            case NodeStatus.Running when status == NodeStatus.Pending:
                Assert.True(_started.Add((id, iteration)), $"{id} starts twice in iteration {iteration}");
                CheckStart(id);
                break;
            case NodeStatus.Running when status == NodeStatus.Running:
                CheckTry(change, last!);
                Assert.True(_paused || (change.Attempt ?? 1) > (last!.Attempt ?? 1) || change.Round > 1 || last.Wait is not null, $"{id} runs again without a pause, a new attempt or a new round");
                break;
            case NodeStatus.Running:
                Assert.Equal(NodeStatus.Suspended, status);
                break;
            case NodeStatus.Suspended when status == NodeStatus.Suspended:
                // The same prompt, as a reminder or with the time that a pause has left.
                Assert.Equal(last!.Prompt!.PromptId, change.Prompt!.PromptId);
                break;
            case NodeStatus.Skipped:
                // A review that nobody has answered may be skipped, too.
                if (status == NodeStatus.Running && IsExpired(id)) break;
                Assert.Equal(NodeStatus.Pending, status);
                CheckSkip(id);
                break;
            case NodeStatus.Cancelled:
                Assert.True(IsOpen(status), $"{id} is cancelled while {status}");
                if (isEnding) break;
                CheckCancel(id);
                _cancelled.Add(id);
                break;
            default:
                Assert.Equal(NodeStatus.Running, status);
                break;
        }

        _last[id] = change;
    }

    // A try follows from what the node says: so many with each model, and the models one after the other.
    private void CheckTry(NodeStateChange change, NodeStateChange last)
    {
        if (change.Cause is null) return;
        var node = _nodes[RandomFlow.NameOf(change.NodeId)];
        Assert.Equal((last.Attempt ?? 1) + 1, change.Attempt);
        Assert.Null(last.Wait);
        var tries = (change.NodeId, change.Iteration, change.Model);
        if (change.Cause == AttemptCause.Retry)
        {
            Assert.Equal(last.Model, change.Model);
            Assert.True((_tries[tries] = _tries.GetValueOrDefault(tries) + 1) <= node.Retry!.Max, $"{change.NodeId} is tried again too often");
            return;
        }

        Assert.Equal(last.Model is null ? node.Fallback![0] : node.Fallback!.SkipWhile(model => model != last.Model).ElementAt(1), change.Model);
    }

    // An item of a map begins while the map runs and has room for it, in the order of the list.
    private void CheckItem(string id, int? item)
    {
        var items = RandomFlow.ItemsOf(id);
        Assert.Equal(items.Length == 0 ? null : int.Parse(items[(items.LastIndexOf('[') + 1)..^1], System.Globalization.CultureInfo.InvariantCulture), item);
        if (LoopOf(id) is not { } map || _nodes[RandomFlow.NameOf(map)].Type != NodeType.Map) return;
        Assert.Equal(NodeStatus.Running, StatusOf(map));
        Assert.True(item < _counts[map], $"{id} is beyond the list of {map}");
        var open = _last.Where(known => LoopOf(known.Key) == map && IsOpen(known.Value.Status)).Select(known => RandomFlow.ItemsOf(known.Key)).Append(items).Distinct().Count();
        Assert.True(open <= _nodes[RandomFlow.NameOf(map)].With!.Value.GetProperty("max_parallel").GetInt32(), $"{id} begins as one of {open} items");
    }

    private bool IsExpired(string id) => _nodes[RandomFlow.NameOf(id)] is { Type: NodeType.HumanReview, With: { } with } && with.TryGetProperty("on_expiry", out var policy) && policy.ValueEquals("skip");

    // The node in whose body another stands: of a node for an item of a map, that map.
    private string? LoopOf(string id)
    {
        if (RandomFlow.LoopOf(RandomFlow.NameOf(id)) is not { } loop) return null;
        var items = RandomFlow.ItemsOf(id);
        return loop + (_nodes[loop].Type == NodeType.Map ? items[..items.LastIndexOf('[')] : items);
    }

    private IEnumerable<string> NextOf(string id)
    {
        var name = RandomFlow.NameOf(id);
        return RandomFlow.NextOf(name, _nodes[name]).Select(next => next == RandomFlow.LoopOf(name) ? LoopOf(id)! : next + RandomFlow.ItemsOf(id));
    }

    private IEnumerable<string> Before(string id) => _before[RandomFlow.NameOf(id)].Select(before => before + RandomFlow.ItemsOf(id));

    // A call that has ended stays so, unless its node tries it again; and one that waited begins only when a person has approved it.
    private void CheckCall(NodeDefinition node, ToolCall told)
    {
        var before = _calls.GetValueOrDefault(told.CallId);
        var fits = before switch
        {
            null => told.Status is ToolCallStatus.Requested or ToolCallStatus.Waiting or ToolCallStatus.Running or ToolCallStatus.Failed,
            ToolCallStatus.Waiting => told.Status is ToolCallStatus.Approved or ToolCallStatus.Rejected,
            ToolCallStatus.Requested or ToolCallStatus.Approved => told.Status == ToolCallStatus.Running,
            ToolCallStatus.Running => told.Status is ToolCallStatus.Completed or ToolCallStatus.Failed,
            ToolCallStatus.Failed when node is { Type: NodeType.Tool, Retry: not null } => told.Status == ToolCallStatus.Running,
            _ => false,
        };
        Assert.True(fits, $"The call {told.CallId} becomes {told.Status} after {before ?? "nothing"}");
        _calls[told.CallId] = told.Status;
    }

    private string StatusOf(string id) => _last.GetValueOrDefault(id)?.Status ?? NodeStatus.Pending;

    private bool Leads(string from, string to) =>
        _last.GetValueOrDefault(from) is { } change
        && (change.Status == NodeStatus.Completed || (change.Status == NodeStatus.Failed && _nodes[RandomFlow.NameOf(from)].OnError == ErrorPolicy.Continue))
        && change.Next?.Contains(to) != false;

    private (int Arrived, bool Waits, int? Needs) Of(string id) =>
        (Before(id).Count(from => Leads(from, id)), Before(id).Any(from => IsOpen(StatusOf(from))), _nodes[RandomFlow.NameOf(id)].Join is not { } join ? null : join.ValueKind == System.Text.Json.JsonValueKind.String ? 1 : join.GetProperty("quorum").GetInt32());

    private void CheckStart(string id)
    {
        if (LoopOf(id) is { } loop) Assert.Equal(NodeStatus.Running, StatusOf(loop));
        CheckRoom(id);
        if (!Before(id).Any()) return;
        var (arrived, waits, needs) = Of(id);
        Assert.True(arrived > 0 && (!waits || arrived >= needs), $"{id} starts with {arrived} arrived{(waits ? ", others open" : string.Empty)}");
    }

    // No more nodes begin that call somebody than the session, and each child workflow around them, lets run at once.
    private void CheckRoom(string id)
    {
        if (!IsWork(id)) return;
        Assert.True(!(AtWork(_ => true) >= _most), $"{id} begins beside {AtWork(_ => true)} others");
        for (var around = LoopOf(id); around is not null; around = LoopOf(around))
        {
            if (_nodes[RandomFlow.NameOf(around)] is not { Type: NodeType.Workflow, With: { } with } || !with.TryGetProperty("max_parallel", out var most)) continue;
            var child = around;
            Assert.True(AtWork(other => IsIn(other, child)) < most.GetInt32(), $"{id} begins in {child} beside {AtWork(other => IsIn(other, child))} others");
        }
    }

    private bool IsWork(string id) => _nodes[RandomFlow.NameOf(id)].Type is NodeType.Agent or NodeType.Tool;

    private int AtWork(Func<string, bool> isMeant) => _last.Count(known => known.Value.Status == NodeStatus.Running && IsWork(known.Key) && isMeant(known.Key));

    private void CheckSkip(string id)
    {
        var (arrived, waits, _) = Of(id);
        var isOver = LoopOf(id) is { } loop && !IsOpen(StatusOf(loop));
        Assert.True(isOver || _nodes[RandomFlow.NameOf(id)].When is not null || (arrived == 0 && !waits && Before(id).Any()), $"{id} is skipped with {arrived} arrived{(waits ? ", others open" : string.Empty)}");
    }

    // Somewhere behind it a join has started without it; so it is with the loop whose body it belongs to.
    private void CheckCancel(string id)
    {
        if (IsOfFailedWorkflow(id) || MayBeLate(id)) return;
        if (LoopOf(id) is { } loop && CanReachStartedJoin(loop)) return;
        Assert.True(CanReachStartedJoin(id), $"{id} is cancelled, and no join behind it has started without it");
    }

    // Who is cancelled led to nothing but the join, and to others that are cancelled with it or over.
    private void CheckNobodyWaitsForTheCancelled()
    {
        foreach (var id in _cancelled)
        {
            if (IsOfFailedWorkflow(id) || MayBeLate(id)) continue;
            foreach (var next in NextOf(id))
            {
                if (next == LoopOf(id)) Assert.False(IsOpen(StatusOf(next)), $"{id} is cancelled, and its loop {next} goes on");
                else Assert.True(StatusOf(next) != NodeStatus.Pending, $"{id} is cancelled, and {next} still waits for it");
            }
        }

        _cancelled.Clear();
    }

    private bool CanReachStartedJoin(string from)
    {
        var seen = new HashSet<string>();
        var open = new Stack<string>([from]);
        while (open.TryPop(out var id))
        {
            foreach (var next in NextOf(id))
            {
                if (next == LoopOf(id) || !seen.Add(next)) continue;
                if (_nodes[RandomFlow.NameOf(next)].Join is not null && StatusOf(next) == NodeStatus.Running) return true;
                open.Push(next);
            }
        }

        return LoopOf(from) is { } loop && CanReachStartedJoin(loop);
    }

    // A body is cancelled with what it belongs to, when that has taken too long.
    private bool MayBeLate(string id)
    {
        for (var around = LoopOf(id); around is not null; around = LoopOf(around))
        {
            if (_nodes[RandomFlow.NameOf(around)].Timeout is not null) return true;
        }

        return false;
    }

    // A node whose failure is that of its workflow has failed in a workflow around it.
    private bool IsOfFailedWorkflow(string id)
    {
        for (var around = LoopOf(id); around is not null; around = LoopOf(around))
        {
            if (_nodes[RandomFlow.NameOf(around)].Type != NodeType.Workflow) continue;
            if (_last.Any(known => known.Value.Status == NodeStatus.Failed && _nodes[RandomFlow.NameOf(known.Key)].OnError == ErrorPolicy.Fail && IsIn(known.Key, around))) return true;
        }

        return false;
    }

    private bool IsIn(string id, string around)
    {
        for (var loop = LoopOf(id); loop is not null; loop = LoopOf(loop))
        {
            if (loop == around) return true;
        }

        return false;
    }
}
