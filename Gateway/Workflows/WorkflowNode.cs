using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>A node of a graph, with its neighbours.</summary>
/// <remarks>
/// The way from a loop to the first node of its body, and the ways back to it, are no edges: a body is a graph of its own, that is
/// gone through in rounds, while its loop runs.
/// </remarks>
internal sealed class WorkflowNode(string id, int index, NodeDefinition definition)
{
    private readonly List<WorkflowNode> _predecessors = [];
    private readonly List<WorkflowNode> _successors = [];
    private readonly List<string> _successorIds = [];
    private List<string>? _next;
    private List<WorkflowNode>? _body;
    private List<WorkflowNode>? _returns;

    /// <summary>Its name within the workflow.</summary>
    public string Id { get; } = id;

    /// <summary>Its place in the definition, from 0.</summary>
    public int Index { get; } = index;

    /// <summary>The name of its kind.</summary>
    public string Type { get; } = definition.Type ?? throw new ArgumentException($"Node '{id}' has no type.", nameof(definition));

    /// <summary>What the workflow says about it.</summary>
    public NodeDefinition Definition { get; } = definition;

    /// <summary>How many of the nodes before it must have led to it before it starts; null: it waits for all.</summary>
    public int? Needs { get; } = NodeJoin.Of(definition).Needs;

    /// <summary>Its place among all nodes, each after those that decide about it.</summary>
    public int Position { get; set; }

    /// <summary>The nodes it waits for, in definition order.</summary>
    public IReadOnlyList<WorkflowNode> Predecessors => _predecessors;

    /// <summary>The nodes that follow it, in the order it names them.</summary>
    public IReadOnlyList<WorkflowNode> Successors => _successors;

    /// <summary>The ids of <see cref="Successors"/>.</summary>
    public IReadOnlyList<string> SuccessorIds => _successorIds;

    /// <summary>The ids of all nodes it leads to, its loop included.</summary>
    public IReadOnlyList<string> Next => _next ?? _successorIds;

    /// <summary>The loop whose body it belongs to; null when it is in none.</summary>
    public WorkflowNode? Loop { get; private set; }

    /// <summary>Whether it leads back to its loop.</summary>
    public bool LeadsBack { get; private set; }

    /// <summary>Of a loop: the first node of its body; null for every other node.</summary>
    public WorkflowNode? Entry { get; private set; }

    /// <summary>Of a loop: the nodes of its body, without those of the bodies within.</summary>
    public IReadOnlyList<WorkflowNode> Body => _body ?? [];

    /// <summary>Of a loop: the nodes of its body that lead back to it.</summary>
    public IReadOnlyList<WorkflowNode> Returns => _returns ?? [];

    /// <summary>Whether it belongs to the body of a loop, or to one within.</summary>
    public bool IsInside(WorkflowNode loop)
    {
        for (var around = Loop; around is not null; around = around.Loop)
        {
            if (around == loop) return true;
        }

        return false;
    }

    /// <summary>Adds an edge to <paramref name="successor"/>, which is not one already.</summary>
    public void LeadTo(WorkflowNode successor)
    {
        if (successor == Loop)
        {
            LeadsBack = true;
            (Loop._returns ??= []).Add(this);
            _next = [.. _successorIds, successor.Id];
            return;
        }

        _next?.Add(successor.Id);
        _successors.Add(successor);
        _successorIds.Add(successor.Id);
        successor._predecessors.Add(this);
    }

    /// <summary>Makes it the first node of a loop's body.</summary>
    public void BeginBodyOf(WorkflowNode loop) => loop.Entry = this;

    /// <summary>Puts it into the body of a loop.</summary>
    public void PutInto(WorkflowNode loop)
    {
        Loop = loop;
        (loop._body ??= []).Add(this);
    }
}
