using System.Text;
using Gateway.Contracts;

namespace Gateway.Engine;

/// <summary>What the log says about one node.</summary>
internal sealed class NodeState(WorkflowNode node)
{
    /// <summary>The node.</summary>
    public WorkflowNode Node { get; } = node;

    /// <summary>Its name within the workflow.</summary>
    public string Id => Node.Id;

    /// <summary>One of <see cref="NodeStatus"/>.</summary>
    public string Status { get; private set; } = NodeStatus.Pending;

    /// <summary>Which try this is, from 1.</summary>
    public int Attempt { get; private set; } = 1;

    /// <summary>Which round of a loop this is, from 1.</summary>
    public int Iteration { get; private set; } = 1;

    /// <summary>What it has said in this attempt, without reasoning.</summary>
    public StringBuilder Text { get; } = new();

    /// <summary>What its model has reasoned in this attempt.</summary>
    public StringBuilder Thinking { get; } = new();

    /// <summary>What it asks, while suspended.</summary>
    public Prompt? Prompt { get; private set; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; set; }

    /// <summary>Whether it is at work or waits for a user.</summary>
    public bool IsActive => Status is NodeStatus.Running or NodeStatus.Suspended;

    /// <summary>Whether it can still change its status.</summary>
    public bool IsOpen => IsActive || Status == NodeStatus.Pending;

    /// <summary>Whether a model is at work for it.</summary>
    public bool IsRunningAgent => Status == NodeStatus.Running && Node.Type == NodeType.Agent;

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
        }

        Status = change.Status;
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
    };

    /// <summary>Takes over the state that <paramref name="snapshot"/> holds.</summary>
    public void Restore(NodeSnapshot snapshot)
    {
        Status = snapshot.Status;
        Text.Append(snapshot.Text);
        Thinking.Append(snapshot.Thinking);
        Attempt = snapshot.Attempt ?? 1;
        Iteration = snapshot.Iteration ?? 1;
        Prompt = snapshot.Prompt;
        Error = snapshot.Error;
    }
}
