using Gateway.Contracts;

namespace Gateway.Engine;

/// <summary>A node of a graph, with its neighbours.</summary>
internal sealed class WorkflowNode(string id, int index, NodeDefinition definition)
{
    private readonly List<WorkflowNode> _predecessors = [];
    private readonly List<WorkflowNode> _successors = [];

    /// <summary>Its name within the workflow.</summary>
    public string Id { get; } = id;

    /// <summary>Its place in the definition, from 0.</summary>
    public int Index { get; } = index;

    /// <summary>One of <see cref="NodeType"/>.</summary>
    public string Type { get; } = definition.Type ?? throw new ArgumentException($"Node '{id}' has no type.", nameof(definition));

    /// <summary>What the workflow says about it.</summary>
    public NodeDefinition Definition { get; } = definition;

    /// <summary>The nodes it waits for, in definition order.</summary>
    public IReadOnlyList<WorkflowNode> Predecessors => _predecessors;

    /// <summary>The nodes that follow it, in the order it names them.</summary>
    public IReadOnlyList<WorkflowNode> Successors => _successors;

    /// <summary>Adds an edge to <paramref name="successor"/>; naming it twice counts once.</summary>
    public void LeadTo(WorkflowNode successor)
    {
        if (_successors.Contains(successor)) return;
        _successors.Add(successor);
        successor._predecessors.Add(this);
    }
}
