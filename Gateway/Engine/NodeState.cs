using Gateway.Contracts;
using Gateway.Workflows;

namespace Gateway.Engine;

/// <summary>What the log says about one node.</summary>
internal sealed class NodeState(SessionState session, WorkflowNode node, INodeKind? kind)
{
    private NodeView? _view;
    private NodeWork? _work;
    private bool _knowsWork;

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

    /// <summary>What it has said in this attempt, without reasoning.</summary>
    public TextBuffer Text { get; } = new();

    /// <summary>What its model has reasoned in this attempt.</summary>
    public TextBuffer Thinking { get; } = new();

    /// <summary>How many characters that are.</summary>
    public long Characters => Text.Length + Thinking.Length;

    /// <summary>What it asks, while suspended.</summary>
    public Prompt? Prompt { get; private set; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; set; }

    /// <summary>Whether what it said was cut at a limit of tokens.</summary>
    public bool IsTruncated { get; set; }

    /// <summary>Whether it has asked a user, in this attempt or before.</summary>
    public bool HasAsked { get; private set; }

    /// <summary>How many of the nodes before it have not ended.</summary>
    /// <remarks>Counted as they end: to look at all of them after each event would be quadratic in the edges of a workflow.</remarks>
    public int Awaited { get; private set; } = node.Predecessors.Count;

    /// <summary>How often in a row it was begun again, since the event with seq <see cref="BegunAgainSince"/>.</summary>
    public int BegunAgain { get; set; }

    /// <summary>The last event before <see cref="BegunAgain"/> that told of something new.</summary>
    public long BegunAgainSince { get; set; }

    /// <summary>Whether it is at work or waits for a user.</summary>
    public bool IsActive => Status is NodeStatus.Running or NodeStatus.Suspended;

    /// <summary>Whether it can still change its status.</summary>
    public bool IsOpen => IsActive || Status == NodeStatus.Pending;

    /// <summary>What the engine does for it while it runs; null when that is nothing.</summary>
    public NodeWork? Work
    {
        get
        {
            if (Status != NodeStatus.Running) return null;
            if (_knowsWork) return _work;

            // This is read with every token, so the kind is asked only once after each change of status.
            _work = Kind.Work(View);
            _knowsWork = true;
            return _work;
        }
    }

    /// <summary>Folds in a change of status; a higher attempt or iteration voids what was said.</summary>
    public void Apply(NodeStateChange change)
    {
        var iteration = change.Iteration ?? 1;
        var attempt = change.Attempt ?? 1;
        if (iteration > Iteration || (iteration == Iteration && attempt > Attempt))
        {
            Iteration = iteration;
            Attempt = attempt;
            Text.Clear();
            Thinking.Clear();
            Error = null;
            IsTruncated = false;
        }

        var wasOpen = IsOpen;
        Status = change.Status;
        if (wasOpen != IsOpen) TellSuccessors(wasOpen ? -1 : 1);
        _knowsWork = false;
        HasAsked |= change.Status == NodeStatus.Suspended;
        Prompt = change.Status == NodeStatus.Suspended ? change.Prompt : null;
    }

    /// <summary>Its state as clients see it.</summary>
    public NodeSnapshot ToSnapshot() => new()
    {
        Status = Status,
        Text = Text.ToString(),
        Thinking = Thinking.Length > 0 ? Thinking.ToString() : null,
        Attempt = Attempt > 1 ? Attempt : null,
        Iteration = Iteration > 1 ? Iteration : null,
        Prompt = Prompt,
        Error = Error,
        Truncated = IsTruncated ? true : null,
    };

    /// <summary>Takes over the state that <paramref name="snapshot"/> holds.</summary>
    public void Restore(NodeSnapshot snapshot)
    {
        var wasOpen = IsOpen;
        Status = snapshot.Status;
        if (wasOpen != IsOpen) TellSuccessors(wasOpen ? -1 : 1);
        Text.Append(snapshot.Text);
        Thinking.Append(snapshot.Thinking);
        Attempt = snapshot.Attempt ?? 1;
        Iteration = snapshot.Iteration ?? 1;
        Prompt = snapshot.Prompt;
        Error = snapshot.Error;
        IsTruncated = snapshot.Truncated == true;
        HasAsked = Status == NodeStatus.Suspended;
    }

    private void TellSuccessors(int awaited)
    {
        foreach (var successor in Node.Successors) session[successor.Id].Awaited += awaited;
    }
}
