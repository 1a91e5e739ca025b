using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>The nodes of a workflow and how they follow each other.</summary>
/// <remarks>It grows with the items of maps: each gets nodes of its own, made after the pattern that the definition has.</remarks>
internal sealed class WorkflowGraph
{
    private readonly Dictionary<string, WorkflowNode> _byName;
    private readonly Dictionary<string, WorkflowNode> _patterns = new(StringComparer.Ordinal);
    private readonly Dictionary<WorkflowNode, WorkflowNode> _lastOf = [];
    private readonly NodeShapes _shapes;
    private readonly List<WorkflowNode> _topological;

    /// <summary>Builds the graph of a definition that was found valid before.</summary>
    /// <param name="workflow">The definition.</param>
    /// <param name="shapes">The types of nodes; the ways of a type that is not among them are those in <c>next</c>.</param>
    /// <exception cref="ArgumentException">The definition is not valid.</exception>
    public WorkflowGraph(WorkflowDefinition workflow, NodeShapes shapes)
    {
        _shapes = shapes;
        var definitions = workflow.Nodes ?? throw new ArgumentException("The workflow has no nodes.", nameof(workflow));
        Nodes = [.. definitions.Select((entry, index) => new WorkflowNode(entry.Key, index, entry.Value, entry.Value.Type is { } type ? shapes.Find(type)?.Rules : null))];
        _byName = Nodes.ToDictionary(node => node.Name, StringComparer.Ordinal);
        var ways = new Dictionary<WorkflowNode, List<NodeWay>>();
        var entries = new HashSet<WorkflowNode>();
        foreach (var node in Nodes)
        {
            if (shapes.Find(node.Type)?.Ways(node.Definition).ToList() is not { Count: > 0 } found) continue;
            ways.Add(node, found);
            if (found.Find(way => way.IsBody) is not { To: { } name }) continue;
            var entry = Require(node, name);
            entry.BeginBodyOf(node);
            entries.Add(entry);
        }

        if (entries.Count > 0) AssignBodies(ways, entries);
        var named = new HashSet<WorkflowNode>();
        foreach (var node in Nodes)
        {
            named.Clear();

            // A second edge to the same node is left out.
            foreach (var next in NextOf(node, ways).Where(named.Add)) node.LeadTo(next);
        }

        var sorted = Sort();
        for (var i = 0; i < sorted.Count; i++) sorted[i].Position = i;
        foreach (var node in Nodes.Where(node => node.IsPattern)) _patterns.Add(node.Id, node);
        _topological = _patterns.Count == 0 ? sorted : [.. sorted.Where(node => !node.IsPattern)];
        Renumber(0);
        FindLoops();
    }

    /// <summary>All nodes of the definition, in its order.</summary>
    public IReadOnlyList<WorkflowNode> Nodes { get; }

    /// <summary>The nodes that take part in a session, each after those it waits for; in definition order where that leaves a choice.</summary>
    /// <remarks>Those of a map's items are put in behind the map, so who goes through the list by index meets them.</remarks>
    public IReadOnlyList<WorkflowNode> Topological => _topological;

    /// <summary>The loops and maps that take part in a session, each after those within its body.</summary>
    public IReadOnlyList<WorkflowNode> Loops { get; private set; } = [];

    /// <summary>Finds a node of the definition; null when there is none.</summary>
    public WorkflowNode? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The pattern that a node for the item of a map is made after, by the node's id; null when there is none.</summary>
    public WorkflowNode? FindPattern(string id)
    {
        var bracket = id.LastIndexOf('[');
        return bracket > 0 && id.EndsWith(']') ? _patterns.GetValueOrDefault(id[..bracket]) : null;
    }

    /// <summary>Makes the nodes that stand for an item of a map.</summary>
    /// <returns>Those that take part in the session, each after those it waits for.</returns>
    public IReadOnlyList<WorkflowNode> Stamp(WorkflowNode map, int item)
    {
        var made = map.Stamp(item);
        var live = made.Where(node => !node.IsPattern).ToList();
        foreach (var pattern in made.Where(node => node.IsPattern)) _patterns.Add(pattern.Id, pattern);
        if (live.Count == 0) return live;

        var place = (_lastOf.GetValueOrDefault(map) ?? map).Position + 1;
        _topological.InsertRange(place, live);
        Renumber(place);
        _lastOf[map] = live[^1];
        if (live.Any(node => node.Entry is not null)) FindLoops();
        return live;
    }

    /// <summary>All nodes that lead to <paramref name="node"/>, in topological order; of loops that are over, their bodies, too.</summary>
    /// <remarks>A child workflow is closed: its nodes see nothing of what leads to it, and those behind it nothing of them.</remarks>
    public IEnumerable<WorkflowNode> Ancestors(WorkflowNode node)
    {
        var found = new HashSet<WorkflowNode>();
        var open = new Stack<WorkflowNode>([node]);
        while (open.TryPop(out var from))
        {
            foreach (var predecessor in from.Predecessors) Note(predecessor);
            if (from.IsEntry && !from.Loop!.Nests) Note(from.Loop);
            if (from != node && from.Entry is not null && !from.Nests && !node.IsInside(from))
            {
                foreach (var last in from.Returns) Note(last);
            }
        }

        return found.OrderBy(ancestor => ancestor.Position);

        void Note(WorkflowNode ancestor)
        {
            if (found.Add(ancestor)) open.Push(ancestor);
        }
    }

    private IEnumerable<WorkflowNode> NextOf(WorkflowNode node, Dictionary<WorkflowNode, List<NodeWay>> ways)
    {
        if (ways.TryGetValue(node, out var own))
        {
            foreach (var way in own)
            {
                if (!way.IsBody) yield return Require(node, way.To!);
            }
        }

        foreach (var name in node.Definition.Next ?? []) yield return Require(node, name);

        // The end of a child workflow leads back to the node that it is the body of.
        if (ChildWorkflow.NodeAround(node.Name) is { } around && _shapes.Find(node.Type) is { Rules.Ends: true }) yield return RequireNamed(around, node);
    }

    // What can be reached from the first node of a body without passing its loop is its body; the outermost loops first.
    private void AssignBodies(Dictionary<WorkflowNode, List<NodeWay>> ways, HashSet<WorkflowNode> entries)
    {
        var named = Nodes.SelectMany(node => NextOf(node, ways)).ToHashSet();
        var seen = new HashSet<WorkflowNode>();
        var bodies = new Queue<WorkflowNode>();

        // Whatever nothing leads to begins; the first node of a body is led to by its loop alone.
        foreach (var root in Nodes.Where(node => !named.Contains(node) && !entries.Contains(node))) Spread(root, null);
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
                    if (next != loop) Enter(next);
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

    // A name means a node of the same workflow, the child workflow where the node is of one.
    private WorkflowNode Require(WorkflowNode from, string name) => RequireNamed(ChildWorkflow.Resolve(from.Name, name), from);

    private WorkflowNode RequireNamed(string name, WorkflowNode from) =>
        _byName.GetValueOrDefault(name) ?? throw new ArgumentException($"Node '{from.Id}' leads to '{name}', which does not exist.", nameof(name));

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

    private void Renumber(int from)
    {
        for (var i = from; i < _topological.Count; i++) _topological[i].Position = i;
    }

    private void FindLoops() => Loops = [.. _topological.Where(node => node.Entry is not null).Reverse()];
}
