using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>The nodes of a workflow and how they follow each other.</summary>
internal sealed class WorkflowGraph
{
    private readonly Dictionary<string, WorkflowNode> _byId;

    /// <summary>Builds the graph of a definition that was found valid before.</summary>
    /// <exception cref="ArgumentException">The definition is not valid.</exception>
    public WorkflowGraph(WorkflowDefinition workflow)
    {
        var definitions = workflow.Nodes ?? throw new ArgumentException("The workflow has no nodes.", nameof(workflow));
        Nodes = [.. definitions.Select((entry, index) => new WorkflowNode(entry.Key, index, entry.Value))];
        _byId = Nodes.ToDictionary(node => node.Id, StringComparer.Ordinal);
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in Nodes)
        {
            named.Clear();

            // A second edge to the same node is left out.
            foreach (var next in (node.Definition.Next ?? []).Where(named.Add))
            {
                node.LeadTo(_byId.GetValueOrDefault(next) ?? throw new ArgumentException($"Node '{node.Id}' leads to '{next}', which does not exist.", nameof(workflow)));
            }
        }

        Topological = Sort();
    }

    /// <summary>All nodes, in definition order.</summary>
    public IReadOnlyList<WorkflowNode> Nodes { get; }

    /// <summary>All nodes, each after those it waits for; in definition order where that leaves a choice.</summary>
    public IReadOnlyList<WorkflowNode> Topological { get; }

    /// <summary>Finds a node; null when there is none.</summary>
    public WorkflowNode? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>All nodes that lead to <paramref name="node"/>, in topological order.</summary>
    public IEnumerable<WorkflowNode> Ancestors(WorkflowNode node)
    {
        var found = new HashSet<WorkflowNode>();
        var open = new Stack<WorkflowNode>([node]);
        while (open.TryPop(out var from))
        {
            foreach (var predecessor in from.Predecessors)
            {
                if (found.Add(predecessor)) open.Push(predecessor);
            }
        }

        return Topological.Where(found.Contains);
    }

    private List<WorkflowNode> Sort()
    {
        var waitsFor = Nodes.ToDictionary(node => node, node => node.Predecessors.Count);
        var ready = new PriorityQueue<WorkflowNode, int>(Nodes.Where(node => waitsFor[node] == 0).Select(node => (node, node.Index)));
        var sorted = new List<WorkflowNode>(Nodes.Count);
        while (ready.TryDequeue(out var node, out _))
        {
            sorted.Add(node);
            foreach (var successor in node.Successors)
            {
                if (--waitsFor[successor] == 0) ready.Enqueue(successor, successor.Index);
            }
        }

        return sorted.Count == Nodes.Count ? sorted : throw new ArgumentException("The workflow has a cycle.");
    }
}
