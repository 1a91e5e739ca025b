using System.Text.Json;
using Gateway.Contracts;
using Gateway.Workflows;

namespace Gateway.Engine;

/// <summary>What the log says about one node.</summary>
/// <remarks>Of a node in a loop, about its last round, and what it said in the one before until it has said something again: it does not grow with the rounds.</remarks>
internal sealed class NodeState(SessionState session, WorkflowNode node, INodeKind? kind)
{
    // What lies further in the future than people plan is never, so that no sum overflows.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(36525);

    private NodeView? _view;
    private NodeWork? _work;
    private bool _knowsWork;
    private int _answerFrom;
    private int _calledIn;
    private TimeSpan _triedAt;
    private TimeSpan? _suspendedAt;
    private TimeSpan _workedBefore;
    private TimeSpan _atWorkSince;

    // Of a map: how many nodes of each of its items have not ended.
    private readonly List<int> _openInItem = [];

    /// <summary>The node.</summary>
    public WorkflowNode Node { get; } = node;

    /// <summary>Its name within the workflow.</summary>
    public string Id => Node.Id;

    /// <summary>What nodes of its type do.</summary>
    /// <exception cref="InvalidOperationException">This gateway does not have the type; it runs no such session.</exception>
    public INodeKind Kind => kind ?? throw new InvalidOperationException($"Node '{Id}' is of type '{Node.Type}', which this gateway does not have.");

    /// <summary>The node as its kind sees it.</summary>
    public NodeView View => _view ??= new NodeView(session, this);

    /// <summary>One of <see cref="NodeStatus"/>.</summary>
    public string Status { get; private set; } = NodeStatus.Pending;

    /// <summary>Which try this is, from 1.</summary>
    public int Attempt { get; private set; } = 1;

    /// <summary>Which round of a loop this is, from 1.</summary>
    public int Iteration { get; private set; } = 1;

    /// <summary>Of a loop: which round of its body is under way, or was the last; 0 when none has begun.</summary>
    public int Round { get; private set; }

    /// <summary>What it found, as JSON; null when that is nothing.</summary>
    public JsonElement? Result { get; private set; }

    /// <summary>Where it leads once completed; null: everywhere.</summary>
    public IReadOnlyList<string>? Taken { get; private set; }

    /// <summary>What it has said in this attempt, without reasoning.</summary>
    public TextBuffer Text { get; } = new();

    /// <summary>What its model has reasoned in this attempt.</summary>
    public TextBuffer Thinking { get; } = new();

    /// <summary>Its calls of tools in this round of a loop, all attempts together.</summary>
    public NodeTools Tools { get; } = new();

    /// <summary>What it has said in this attempt since its last calls of tools: its answer, once it is whole.</summary>
    public string Said => _answerFrom == 0 ? Text.ToString() : Text.ToString()[_answerFrom..];

    /// <summary>How many steps it has gone through in its turn: an answer of its model and the calls that follow from it are one each.</summary>
    public int Step => (Tools.Round * 2) - (Tools.Open > 0 ? 1 : 0);

    /// <summary>How many characters it holds, those of earlier rounds and attempts included.</summary>
    public long Characters => Text.Length + Thinking.Length + Tools.Characters + (Earlier?.Text.Length ?? 0) + (Rejected?.Text.Length ?? 0) + JsonLimits.SizeOf(Answer?.Data) + JsonLimits.SizeOf(Given);

    /// <summary>What it said and found when it completed last, in an earlier round; null when it never did.</summary>
    public (string Text, JsonElement? Result)? Earlier { get; private set; }

    /// <summary>What it said in the attempt before, why that was not good enough, and how many rounds of calls of tools there were by then; null when there was none.</summary>
    public (string Text, string Reason, int Round)? Rejected { get; private set; }

    /// <summary>What it asks, while suspended.</summary>
    public Prompt? Prompt { get; private set; }

    /// <summary>What it asked last in this attempt; null when it has asked nothing.</summary>
    public Prompt? LastPrompt { get; private set; }

    /// <summary>How a user has answered its last prompt in this attempt; null when nobody has.</summary>
    public UserAnswer? Answer { get; private set; }

    /// <summary>Its budget; null when it has none.</summary>
    public BudgetState? Budget { get; set; }

    /// <summary>How long it has been at work in the session, all rounds and attempts together, at the session's last event.</summary>
    public TimeSpan Worked => Status == NodeStatus.Running ? _workedBefore + (session.Worked - _atWorkSince) : _workedBefore;

    /// <summary>Why it failed.</summary>
    public string? Error { get; private set; }

    /// <summary>How many errors it has had in this round.</summary>
    public int Errors { get; private set; }

    /// <summary>How often what it did was rejected in this round, and it has tried to do better.</summary>
    public int Rejections { get; private set; }

    /// <summary>How often its work was tried again in this round, of the model that is asked now.</summary>
    public int Retries { get; private set; }

    /// <summary>The model that is asked, where it is one of its fallbacks; null: its agent's own.</summary>
    public string? Model { get; private set; }

    /// <summary>Whether it has said or reasoned something in this attempt, since its last calls of tools.</summary>
    public bool HasSpoken { get; private set; }

    /// <summary>What it waits for before it is at work; null when it does not.</summary>
    public NodeWait? Wait { get; private set; }

    /// <summary>Until when it waits between two tries, on the session's clock; null when it does not.</summary>
    public TimeSpan? RestsUntil { get; private set; }

    /// <summary>How long its work may take.</summary>
    public NodeTimeout Timeout { get; } = NodeTimeout.Of(node.Definition);

    /// <summary>When its work takes too long, on the session's clock; null: never. The time for which it waits for a person is not counted.</summary>
    public TimeSpan? TimesOutAt => Status == NodeStatus.Running && RestsUntil is null && Timeout.Total is { } total ? _triedAt + total : null;

    /// <summary>Whether what it said was cut at a limit of tokens.</summary>
    public bool IsTruncated { get; set; }

    /// <summary>Whether nobody answered its prompt in time, in this attempt.</summary>
    public bool IsExpired { get; private set; }

    /// <summary>Whether it has asked a user, in this attempt or before.</summary>
    public bool HasAsked { get; private set; }

    /// <summary>When it began to run in this round, on the session's clock.</summary>
    public TimeSpan BegunAt { get; private set; }

    /// <summary>When it began to wait for the user's answer that it waits for, on the session's clock; null when it does not.</summary>
    /// <remarks>A node that asks once more, without an answer, goes on waiting.</remarks>
    public TimeSpan? AskedAt { get; private set; }

    /// <summary>When it began what it does now, to wait or to run.</summary>
    public TimeSpan Since => AskedAt ?? BegunAt;

    /// <summary>When those are reminded who are to answer its last prompt, on the session's clock; null: never.</summary>
    public TimeSpan? RemindAt { get; private set; }

    /// <summary>When it is too late to answer its last prompt, on the session's clock; null: never.</summary>
    public TimeSpan? ExpiresAt { get; private set; }

    /// <summary>When the time comes that its kind has named, on the session's clock; null: never.</summary>
    public TimeSpan? OwnDue => IsActive && Kind.Due(View) is { } after && after < LongestWait ? Since + after : null;

    /// <summary>When its time comes, on the session's clock; null: never.</summary>
    public TimeSpan? Due
    {
        get
        {
            return Status == NodeStatus.Suspended ? Earlier(Earlier(OwnDue, RemindAt), ExpiresAt) : RestsUntil ?? Earlier(OwnDue, TimesOutAt);

            static TimeSpan? Earlier(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other : one;
        }
    }

    /// <summary>How many of the nodes before it have not ended.</summary>
    /// <remarks>Counted as they end: to look at all of them after each event would be quadratic in the edges of a workflow.</remarks>
    public int Awaited { get; private set; } = node.Predecessors.Count;

    /// <summary>How many of the nodes before it lead to it and have ended well.</summary>
    public int Arrived { get; private set; }

    /// <summary>The last event but one before a node before it ended: of two that wait to begin, the one with the smaller has waited longer.</summary>
    public long ReachedAt { get; private set; }

    /// <summary>Of a loop: how many nodes of its body have not ended; of a map those of all items that have begun.</summary>
    public int OpenInBody { get; private set; } = node.Body.Count;

    /// <summary>What its body was given: of a map its list, of a child workflow its input; null of every other node, and before it has begun.</summary>
    public JsonElement? Given { get; private set; }

    /// <summary>Of a map: how many items its list has.</summary>
    public int ItemCount { get; private set; }

    /// <summary>Of a map: how many of its items have begun.</summary>
    public int ItemsBegun { get; private set; }

    /// <summary>Of a map: how many of its items are under way.</summary>
    public int ItemsOpen { get; private set; }

    /// <summary>Of a loop: how many nodes of its body have led back to it in this round.</summary>
    public int Returned { get; private set; }

    /// <summary>How often in a row it was begun again, since the event with seq <see cref="BegunAgainSince"/>.</summary>
    public int BegunAgain { get; set; }

    /// <summary>The last event before <see cref="BegunAgain"/> that told of something new.</summary>
    public long BegunAgainSince { get; set; }

    /// <summary>Whether it is at work or waits for a user.</summary>
    public bool IsActive => Status is NodeStatus.Running or NodeStatus.Suspended;

    /// <summary>Whether it can still change its status, in this round.</summary>
    public bool IsOpen => IsActive || Status == NodeStatus.Pending;

    /// <summary>Whether its body is gone through.</summary>
    public bool IsLooping => (Round > 0 || Given is not null) && Status == NodeStatus.Running;

    /// <summary>Whether it goes through its body, and the round that was under way is over; of a map, all items are.</summary>
    public bool IsRoundOver => IsLooping && OpenInBody == 0 && ItemsBegun == ItemCount;

    /// <summary>Whether it goes over a list, and its next item may begin.</summary>
    public bool MayBeginItem => ItemsBegun < ItemCount && IsLooping && ItemsOpen < Kind.ItemsAtOnce(View);

    /// <summary>Whether something follows for its body that is not decided yet.</summary>
    public bool IsDue => IsRoundOver || MayBeginItem;

    /// <summary>What the engine does for it while it runs; null when that is nothing, also while a call of a tool waits for a person, and between two tries.</summary>
    public NodeWork? Work
    {
        get
        {
            if (Status != NodeStatus.Running || RestsUntil is not null || Tools.Waiting is not null) return null;
            if (_knowsWork) return _work;

            // This is read with every token, so the kind is asked only once after each change of status.
            _work = Kind.Work(View);
            _knowsWork = true;
            return _work;
        }
    }

    /// <summary>Whether anything was told of its calls of tools since its attempt began.</summary>
    public bool HasCalled => Tools.Calls.Count > 0 && _calledIn == Attempt;

    /// <summary>Whether it has ended well, and leads to the node of this id.</summary>
    public bool HasLedTo(string next) => HasLed && (Taken is null || Taken.Contains(next));

    private bool HasLed => Status == NodeStatus.Completed || (Status == NodeStatus.Failed && Node.Definition.OnError == ErrorPolicy.Continue);

    /// <summary>Folds in a change of status; a higher attempt or iteration voids what was said.</summary>
    public void Apply(NodeStateChange change, DateTime at)
    {
        var iteration = change.Iteration ?? 1;
        var attempt = change.Attempt ?? 1;
        if (iteration > Iteration) BeginIteration(iteration, attempt);
        else if (iteration == Iteration && attempt > Attempt) BeginAttempt(attempt, change.Cause);

        _workedBefore = Worked;
        _atWorkSince = session.Worked;
        var wasActive = IsActive;
        if (change.Given is { } given) BeginBody(given);
        Become(change.Status, change.Next);
        if (IsActive && !wasActive) BegunAt = _triedAt = session.Clock;
        ApplyTry(change, at);
        if (change.Status == NodeStatus.Suspended) AskedAt ??= session.Clock;
        else if (!IsActive) AskedAt = null;
        if (change.Round is { } round) Round = round;
        if (change.Result is not null) Result = change.Result;
        _knowsWork = false;
        HasAsked |= change.Status == NodeStatus.Suspended;
        Prompt = change.Status == NodeStatus.Suspended ? change.Prompt : null;
        if (Prompt is null) return;
        LastPrompt = Prompt;
        Answer = null;
        RemindAt = session.Clock + (Prompt.RemindAt - at);
        ExpiresAt = session.Clock + (Prompt.ExpiresAt - at);
    }

    /// <summary>Folds in that a user has answered it.</summary>
    public void Take(UserAnswer answer)
    {
        Answer = answer;
        (AskedAt, RemindAt, ExpiresAt) = (null, null, null);
    }

    /// <summary>Folds in what an event tells of a call of a tool.</summary>
    public void Apply(ToolCall call)
    {
        var round = Tools.Round;
        Tools.Apply(call, () => Said);
        _calledIn = Attempt;
        if (Tools.Round > round) (_answerFrom, HasSpoken) = (Text.Length, false);
        if (call.Status is ToolCallStatus.Approved or ToolCallStatus.Rejected) (AskedAt, RemindAt, ExpiresAt) = (null, null, null);
        _knowsWork = false;
    }

    /// <summary>Folds in what it says or reasons.</summary>
    public void Say(string text, bool isThinking)
    {
        (isThinking ? Thinking : Text).Append(text);
        HasSpoken = true;
    }

    /// <summary>Folds in an error of it.</summary>
    public void Fail(string error, string code)
    {
        Error = error;
        Errors++;
        IsExpired |= code == ErrorCode.PromptExpired;
    }

    /// <summary>Its state as clients see it.</summary>
    public NodeSnapshot ToSnapshot() => new()
    {
        Status = Status,
        Text = Text.ToString(),
        Thinking = Thinking.Length > 0 ? Thinking.ToString() : null,
        Tools = Tools.Calls.Count > 0 ? [.. Tools.Calls] : null,
        Attempt = Attempt > 1 ? Attempt : null,
        Iteration = Iteration > 1 ? Iteration : null,
        Round = Round > 0 ? Round : null,
        Result = Result,
        Given = Given,
        Item = Node.Map is null ? null : Node.Item,
        Next = Taken,
        Model = Model,
        Wait = Wait,
        Prompt = Prompt,
        Budget = Budget?.ToSnapshot(),
        Error = Error,
        Truncated = IsTruncated ? true : null,
    };

    /// <summary>Takes over the state that <paramref name="snapshot"/> holds.</summary>
    public void Restore(NodeSnapshot snapshot)
    {
        if (snapshot.Given is { } given) BeginBody(given);
        Become(snapshot.Status, snapshot.Next);
        Text.Append(snapshot.Text);
        Thinking.Append(snapshot.Thinking);
        if (snapshot.Tools is { } calls) Tools.Restore(calls);
        Attempt = _calledIn = snapshot.Attempt ?? 1;
        Iteration = snapshot.Iteration ?? 1;
        Round = snapshot.Round ?? 0;
        Result = snapshot.Result;
        Model = snapshot.Model;
        Wait = snapshot.Wait;
        Prompt = LastPrompt = snapshot.Prompt;
        Error = snapshot.Error;
        IsTruncated = snapshot.Truncated == true;
        HasAsked = Status == NodeStatus.Suspended;
        if (snapshot.Budget is not { } budget) return;
        Budget?.Restore(budget);
        (_workedBefore, _atWorkSince) = (TimeSpan.FromTicks((long)(budget.Spent.Seconds * TimeSpan.TicksPerSecond)), session.Worked);
    }

    /// <summary>It has been made for an item of a map, which begins.</summary>
    public void JoinItem()
    {
        if (Node.Loop == Node.Map) session[Node.Map!].OpenInBody++;
        CountInItem(1);
    }

    /// <summary>Of a map: one of its items begins in this round.</summary>
    public void BeginItem(int item) => ItemsBegun = Math.Max(ItemsBegun, item + 1);

    private void BeginIteration(int iteration, int attempt)
    {
        if (Status == NodeStatus.Completed) Earlier = (Said, Result);
        Iteration = iteration;
        Attempt = attempt;
        Round = 0;
        Result = null;
        Given = null;
        (ItemCount, ItemsBegun) = (0, 0);
        Rejected = null;
        (Errors, Rejections, Retries, Model) = (0, 0, 0, null);
        (AskedAt, RemindAt, ExpiresAt) = (null, null, null);
        Tools.Clear();
        Void();
    }

    // What is tried again is no answer to what was said before.
    private void BeginAttempt(int attempt, string? cause)
    {
        if (cause is null && Error is { } reason)
        {
            Rejected = (Said, reason, Tools.Round);
            Rejections++;
        }

        Attempt = attempt;
        Void();
    }

    // Which try it is, how long it waits before it, and since when its time is counted.
    private void ApplyTry(NodeStateChange change, DateTime at)
    {
        if (change.Cause is not null) Retries = change.Cause == AttemptCause.Retry ? Retries + 1 : 0;
        if (change.Model is not null) Model = change.Model;
        if (change.Cause is not null || RestsUntil is not null) _triedAt = session.Clock;
        Wait = change.Wait;
        RestsUntil = change.Wait is { Reason: NodeWaitReason.Retry, Until: { } until } ? session.Clock + (until - at) : null;
        if (change.Status == NodeStatus.Suspended)
        {
            _suspendedAt ??= session.Clock;
        }
        else if (_suspendedAt is { } suspended)
        {
            _triedAt += session.Clock - suspended;
            _suspendedAt = null;
        }
    }

    private void Void()
    {
        Text.Clear();
        Thinking.Clear();
        _answerFrom = 0;
        HasSpoken = false;
        Error = null;
        IsTruncated = false;
        LastPrompt = null;
        Answer = null;
        IsExpired = false;
    }

    private void BeginBody(JsonElement given)
    {
        Given = given;
        (ItemCount, ItemsBegun) = (Node.Maps ? given.GetArrayLength() : 0, 0);
    }

    private void CountInItem(int open)
    {
        if (Node.Map is not { } around) return;
        var map = session[around];
        while (map._openInItem.Count <= Node.Item) map._openInItem.Add(0);
        var before = map._openInItem[Node.Item];
        var after = map._openInItem[Node.Item] = before + open;
        map.ItemsOpen += (after > 0 ? 1 : 0) - (before > 0 ? 1 : 0);
    }

    // Tells the nodes that count on this one what has changed for them.
    private void Become(string status, IReadOnlyList<string>? taken)
    {
        var (wasOpen, hadLed, before) = (IsOpen, HasLed, Taken);
        var wasAtWork = Status == NodeStatus.Running;
        Status = status;
        if (Node.Works && wasAtWork != (Status == NodeStatus.Running)) session.Parallelism.Count(Node, begins: !wasAtWork);
        Taken = status == NodeStatus.Completed ? taken : null;
        if (wasOpen == IsOpen && hadLed == HasLed) return;

        var awaited = (IsOpen ? 1 : 0) - (wasOpen ? 1 : 0);
        foreach (var successor in Node.Successors)
        {
            var next = session[successor];
            next.Awaited += awaited;
            next.Arrived += Led(successor.Id);
            next.ReachedAt = session.LastSeq;
        }

        if (awaited != 0) CountInItem(awaited);
        if (Node.Loop is not { } around) return;
        var loop = session[around];
        loop.OpenInBody += awaited;
        if (Node.LeadsBack) loop.Returned += Led(around.Id);

        int Led(string next) =>
            (HasLed && (Taken is null || Taken.Contains(next)) ? 1 : 0) - (hadLed && (before is null || before.Contains(next)) ? 1 : 0);
    }
}
