using Gateway.Contracts;

namespace Gateway.Engine;

/// <summary>A node of a session as its kind sees it; it cannot be changed here.</summary>
public sealed class NodeView
{
    private readonly SessionState _session;
    private readonly NodeState _node;
    private IReadOnlyList<NodeView>? _before;

    internal NodeView(SessionState session, NodeState node)
    {
        _session = session;
        _node = node;
    }

    /// <summary>The node's name within the workflow.</summary>
    public string Id => _node.Id;

    /// <summary>What the workflow says about the node.</summary>
    public NodeDefinition Definition => _node.Node.Definition;

    /// <summary>The agent that the definition names; null when it names none.</summary>
    public AgentDefinition? Agent => Definition.Agent is { } id ? Workflow.Agents?.GetValueOrDefault(id) : null;

    /// <summary>One of <see cref="NodeStatus"/>.</summary>
    public string Status => _node.Status;

    /// <summary>Which try this is, from 1.</summary>
    public int Attempt => _node.Attempt;

    /// <summary>Which round of a loop this is, from 1.</summary>
    public int Iteration => _node.Iteration;

    /// <summary>What was said at the node in this attempt, without reasoning.</summary>
    public string Text => _node.Text.ToString();

    /// <summary>What it hands on once it has completed; empty when that is nothing.</summary>
    public string Output => SessionOutput.From(_session, [_node]) ?? string.Empty;

    /// <summary>The nodes that lead to it, in the order of the definition.</summary>
    public IReadOnlyList<NodeView> Before
    {
        get
        {
            _session.Steps.Take();
            return _before ??= [.. _node.Node.Predecessors.Select(predecessor => _session[predecessor.Id].View)];
        }
    }

    /// <summary>The ids of the nodes that follow it, in the order it names them.</summary>
    public IReadOnlyList<string> Next => _node.Node.SuccessorIds;

    /// <summary>How many of the nodes before it have not ended.</summary>
    public int Awaited => _node.Awaited;

    /// <summary>How many of the nodes before it have completed and lead to it.</summary>
    public int Arrived
    {
        get
        {
            _session.Steps.Take(1 + _node.Node.Predecessors.Count);
            return Before.Count(before => before.HasLedTo(Id));
        }
    }

    /// <summary>What the session works on.</summary>
    public string Input => _session.Header.Input;

    /// <summary>The session's workflow.</summary>
    public WorkflowDefinition Workflow => _session.Header.Workflow;

    /// <summary>What users said to the whole session so far, in order.</summary>
    public IReadOnlyList<string> UserMessages => _session.UserMessages;

    /// <summary>Whether it has completed and leads to <paramref name="next"/>.</summary>
    internal bool HasLedTo(string next) => _node.Status == NodeStatus.Completed && _node.Kind.LeadsTo(this, next);
}
