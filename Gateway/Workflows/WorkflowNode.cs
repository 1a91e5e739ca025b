using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>A node of a graph, with its neighbours.</summary>
internal sealed class WorkflowNode(string id, int index, NodeDefinition definition)
{
    private readonly List<WorkflowNode> _predecessors = [];
    private readonly List<WorkflowNode> _successors = [];
    private readonly List<string> _successorIds = [];

    /// <summary>Its name within the workflow.</summary>
    public string Id { get; } = id;

    /// <summary>Its place in the definition, from 0.</summary>
    public int Index { get; } = index;

    /// <summary>The name of its kind.</summary>
    public string Type { get; } = definition.Type ?? throw new ArgumentException($"Node '{id}' has no type.", nameof(definition));

    /// <summary>What the workflow says about it.</summary>
    public NodeDefinition Definition { get; } = definition;

    /// <summary>The nodes it waits for, in definition order.</summary>
    public IReadOnlyList<WorkflowNode> Predecessors => _predecessors;

    /// <summary>The nodes that follow it, in the order it names them.</summary>
    public IReadOnlyList<WorkflowNode> Successors => _successors;

    /// <summary>The ids of <see cref="Successors"/>.</summary>
    public IReadOnlyList<string> SuccessorIds => _successorIds;

    /// <summary>Adds an edge to <paramref name="successor"/>, which is not one already.</summary>
    public void LeadTo(WorkflowNode successor)
    {
        _successors.Add(successor);
        _successorIds.Add(successor.Id);
        successor._predecessors.Add(this);
    }
}
