using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>The nodes of a workflow and how they follow each other.</summary>
internal sealed class WorkflowGraph
{
    private readonly Dictionary<string, WorkflowNode> _byId;

    /// <summary>Builds the graph of a definition that was found valid before.</summary>
    /// <param name="workflow">The definition.</param>
    /// <param name="shapes">The types of nodes; the ways of a type that is not among them are those in <c>next</c>.</param>
    /// <exception cref="ArgumentException">The definition is not valid.</exception>
    public WorkflowGraph(WorkflowDefinition workflow, NodeShapes shapes)
    {
        var definitions = workflow.Nodes ?? throw new ArgumentException("The workflow has no nodes.", nameof(workflow));
        Nodes = [.. definitions.Select((entry, index) => new WorkflowNode(entry.Key, index, entry.Value))];
        _byId = Nodes.ToDictionary(node => node.Id, StringComparer.Ordinal);
        var ways = new Dictionary<WorkflowNode, List<NodeWay>>();
        var entries = new HashSet<WorkflowNode>();
        foreach (var node in Nodes)
        {
            if (shapes.Find(node.Type)?.Ways(node.Definition).ToList() is not { Count: > 0 } found) continue;
            ways.Add(node, found);
            if (found.Find(way => way.IsBody) is not { To: { } id }) continue;
            var entry = Require(id, node);
            entry.BeginBodyOf(node);
            entries.Add(entry);
        }

        if (entries.Count > 0) AssignBodies(ways, entries);
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in Nodes)
        {
            named.Clear();

            // A second edge to the same node is left out.
            foreach (var next in NextOf(node, ways).Where(named.Add)) node.LeadTo(Require(next, node));
        }

        Topological = Sort();
        for (var i = 0; i < Topological.Count; i++) Topological[i].Position = i;
        Loops = entries.Count == 0 ? [] : [.. Nodes.Where(node => node.Entry is not null).OrderByDescending(loop => loop.Position)];
    }

    /// <summary>All nodes, in definition order.</summary>
    public IReadOnlyList<WorkflowNode> Nodes { get; }

    /// <summary>All nodes, each after those it waits for; in definition order where that leaves a choice.</summary>
    public IReadOnlyList<WorkflowNode> Topological { get; }

    /// <summary>The loops, each after those within its body.</summary>
    public IReadOnlyList<WorkflowNode> Loops { get; }

    /// <summary>Finds a node; null when there is none.</summary>
    public WorkflowNode? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>All nodes that lead to <paramref name="node"/>, in topological order; of loops that are over, their bodies, too.</summary>
    public IEnumerable<WorkflowNode> Ancestors(WorkflowNode node)
    {
        var found = new HashSet<WorkflowNode>();
        var open = new Stack<WorkflowNode>([node]);
        while (open.TryPop(out var from))
        {
            foreach (var predecessor in from.Predecessors) Note(predecessor);
            if (from.Loop is { } loop && loop.Entry == from) Note(loop);
            if (from != node && from.Entry is not null && !node.IsInside(from))
            {
                foreach (var last in from.Returns) Note(last);
            }
        }

        return Topological.Where(found.Contains);

        void Note(WorkflowNode ancestor)
        {
            if (found.Add(ancestor)) open.Push(ancestor);
        }
    }

    private static IEnumerable<string> NextOf(WorkflowNode node, Dictionary<WorkflowNode, List<NodeWay>> ways) =>
        ways.TryGetValue(node, out var own) ? own.Where(way => !way.IsBody).Select(way => way.To!).Concat(node.Definition.Next ?? []) : node.Definition.Next ?? [];

    // What can be reached from the first node of a body without passing its loop is its body; the outermost loops first.
    private void AssignBodies(Dictionary<WorkflowNode, List<NodeWay>> ways, HashSet<WorkflowNode> entries)
    {
        var named = Nodes.SelectMany(node => NextOf(node, ways)).ToHashSet(StringComparer.Ordinal);
        var seen = new HashSet<WorkflowNode>();
        var bodies = new Queue<WorkflowNode>();

        // Whatever nothing leads to begins; the first node of a body is led to by its loop alone.
        foreach (var root in Nodes.Where(node => !named.Contains(node.Id) && !entries.Contains(node))) Spread(root, null);
        while (bodies.TryDequeue(out var loop)) Spread(loop.Entry!, loop);

        void Spread(WorkflowNode first, WorkflowNode? loop)
        {
            var open = new Stack<WorkflowNode>();
            Enter(first);
            while (open.TryPop(out var node))
            {
                if (node.Entry is not null) bodies.Enqueue(node);
                foreach (var next in NextOf(node, ways))
                {
                    if (next != loop?.Id) Enter(Require(next, node));
                }
            }

            void Enter(WorkflowNode node)
            {
                if (!seen.Add(node)) return;
                if (loop is not null) node.PutInto(loop);
                open.Push(node);
            }
        }
    }

    private WorkflowNode Require(string id, WorkflowNode from) =>
        _byId.GetValueOrDefault(id) ?? throw new ArgumentException($"Node '{from.Id}' leads to '{id}', which does not exist.", nameof(id));

    private List<WorkflowNode> Sort()
    {
        var waitsFor = Nodes.ToDictionary(node => node, _ => 0);
        foreach (var node in Nodes)
        {
            foreach (var later in LaterThan(node)) waitsFor[later]++;
        }

        var ready = new PriorityQueue<WorkflowNode, int>(Nodes.Where(node => waitsFor[node] == 0).Select(node => (node, node.Index)));
        var sorted = new List<WorkflowNode>(Nodes.Count);
        while (ready.TryDequeue(out var node, out _))
        {
            sorted.Add(node);
            foreach (var later in LaterThan(node))
            {
                if (--waitsFor[later] == 0) ready.Enqueue(later, later.Index);
            }
        }

        return sorted.Count == Nodes.Count ? sorted : throw new ArgumentException("The workflow has a cycle.");
    }

    // A body comes after its loop, and before what follows the loop.
    private static IEnumerable<WorkflowNode> LaterThan(WorkflowNode node)
    {
        IEnumerable<WorkflowNode> later = node.Successors;
        if (node.Entry is { } entry) later = later.Append(entry);
        if (node.LeadsBack) later = later.Concat(node.Loop!.Successors);
        return later;
    }
}
