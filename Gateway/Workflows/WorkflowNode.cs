using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>A node of a graph, with its neighbours.</summary>
/// <remarks>
/// The way from a loop to the first node of its body, and the ways back to it, are no edges: a body is a graph of its own, that is
/// gone through in rounds, while its loop runs. The body of a map is a pattern: its nodes take part in no session, and each item
/// gets nodes of its own that are made after them.
/// </remarks>
internal sealed class WorkflowNode
{
    private readonly List<WorkflowNode> _predecessors = [];
    private readonly List<WorkflowNode> _successors = [];
    private readonly List<string> _successorIds = [];
    private readonly List<WorkflowNode> _ways = [];
    private List<string>? _next;
    private List<WorkflowNode>? _body;
    private List<WorkflowNode>? _pattern;
    private List<WorkflowNode>? _returns;

    /// <summary>A node of a definition.</summary>
    /// <param name="id">Its name within the workflow.</param>
    /// <param name="index">Its place in the definition, from 0.</param>
    /// <param name="definition">What the workflow says about it.</param>
    /// <param name="rules">The rules of its type; null when this gateway does not have the type.</param>
    public WorkflowNode(string id, int index, NodeDefinition definition, NodeRules? rules)
    {
        (Id, Name, Index) = (id, id, index);
        Type = definition.Type ?? throw new ArgumentException($"Node '{id}' has no type.", nameof(definition));
        Definition = definition;
        Needs = NodeJoin.Of(definition).Needs;
        Maps = rules is { Maps: true };
        Nests = rules is { Nests: true };
        Works = rules is { Work: not WorkUse.None };
    }

    private WorkflowNode(WorkflowNode pattern, WorkflowNode map, int item)
    {
        (Name, Index, Position) = (pattern.Name, pattern.Index, pattern.Position);
        (Type, Definition, Needs, Maps, Nests, Works) = (pattern.Type, pattern.Definition, pattern.Needs, pattern.Maps, pattern.Nests, pattern.Works);
        (Map, Item) = (map, item);
        Items = $"{map.Items}[{item}]";
        Id = Name + Items;
    }

    /// <summary>Its name within the session: that of the definition, and for which items of the maps around it stands, as in <c>search[2]</c>.</summary>
    public string Id { get; }

    /// <summary>Its name within the workflow.</summary>
    public string Name { get; }

    /// <summary>Its place in the definition, from 0.</summary>
    public int Index { get; }

    /// <summary>The name of its kind.</summary>
    public string Type { get; }

    /// <summary>What the workflow says about it.</summary>
    public NodeDefinition Definition { get; }

    /// <summary>How many of the nodes before it must have led to it before it starts; null: it waits for all.</summary>
    public int? Needs { get; }

    /// <summary>Whether its body is gone through once for each item of a list.</summary>
    public bool Maps { get; }

    /// <summary>Whether its body is a child workflow.</summary>
    public bool Nests { get; }

    /// <summary>Whether something is at work for it while it runs.</summary>
    public bool Works { get; }

    /// <summary>The map for an item of which it stands; null when it stands for none.</summary>
    public WorkflowNode? Map { get; }

    /// <summary>For which item of <see cref="Map"/> it stands, from 0.</summary>
    public int Item { get; }

    /// <summary>For which items of all maps around it stands, as in <c>[2][0]</c>; empty when it stands for none.</summary>
    public string Items { get; } = string.Empty;

    /// <summary>Whether it is part of the body of a map, and so takes part in no session itself.</summary>
    public bool IsPattern { get; private set; }

    /// <summary>Its place among the nodes of its session.</summary>
    public int Slot { get; set; }

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

    /// <summary>The loop or map whose body it belongs to; null when it is in none.</summary>
    public WorkflowNode? Loop { get; private set; }

    /// <summary>Whether it leads back to its loop.</summary>
    public bool LeadsBack { get; private set; }

    /// <summary>Whether it is the first node of the body of its loop.</summary>
    public bool IsEntry => Loop is { } loop && (loop.Entry == this || (loop.Maps && Map == loop && loop.Entry!.Name == Name));

    /// <summary>Of a loop: the first node of its body, of a map that of the pattern; null for every other node.</summary>
    public WorkflowNode? Entry { get; private set; }

    /// <summary>Of a loop: the nodes of its body, without those of the bodies within; of a map those of all items that have begun.</summary>
    public IReadOnlyList<WorkflowNode> Body => _body ?? [];

    /// <summary>Of a map: the nodes of its pattern, without those of the bodies within.</summary>
    public IReadOnlyList<WorkflowNode> Pattern => _pattern ?? [];

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

    /// <summary>The id of a node that it leads to, by that or by the name within the workflow; null when it leads to no such node.</summary>
    public string? FindNext(string name) => _ways.Find(way => way.Id == name || ChildWorkflow.LocalName(way.Name) == name)?.Id;

    /// <summary>Adds an edge to <paramref name="successor"/>, which is not one already.</summary>
    public void LeadTo(WorkflowNode successor)
    {
        _ways.Add(successor);
        if (successor == Loop)
        {
            LeadsBack = true;
            if (!IsPattern || Loop.IsPattern == IsPattern) (Loop._returns ??= []).Add(this);
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
        var isPattern = loop.Maps && Map != loop;
        IsPattern = loop.IsPattern || isPattern;
        if (isPattern) (loop._pattern ??= []).Add(this);
        else (loop._body ??= []).Add(this);
    }

    /// <summary>Of a map: the pattern of what takes part in the session for each item from its beginning: its body, with those of the loops within, but not of the maps.</summary>
    public IEnumerable<WorkflowNode> PatternOfItem()
    {
        var open = new Stack<WorkflowNode>(Pattern);
        while (open.TryPop(out var node))
        {
            yield return node;
            foreach (var inner in node.Body) open.Push(inner);
        }
    }

    /// <summary>Of a map: makes the nodes that stand for an item, after the pattern; those of bodies within follow it.</summary>
    /// <returns>All of them, patterns of maps within included, each after those that decide about it.</returns>
    public IReadOnlyList<WorkflowNode> Stamp(int item)
    {
        var pattern = new List<WorkflowNode>();
        var open = new Stack<WorkflowNode>(Pattern);
        while (open.TryPop(out var node))
        {
            pattern.Add(node);
            foreach (var inner in node.Body.Concat(node.Pattern)) open.Push(inner);
        }

        pattern.Sort((one, other) => one.Position.CompareTo(other.Position));
        var made = pattern.ToDictionary(node => node, node => new WorkflowNode(node, this, item));
        foreach (var node in pattern) made[node].PutInto(node.Loop == this ? this : made[node.Loop!]);
        foreach (var node in pattern)
        {
            if (node.Entry is { } entry) made[node].Entry = made[entry];
            foreach (var way in node._ways) made[node].LeadTo(way == this ? this : made[way]);
        }

        return [.. pattern.Select(node => made[node])];
    }

    /// <summary>Compares by the places in the definition, and of nodes for the items of a map by the items first.</summary>
    public static int CompareByDefinition(WorkflowNode one, WorkflowNode other)
    {
        var (a, b) = (Place(one), Place(other));
        for (var i = 0; i < a.Count && i < b.Count; i++)
        {
            if (a[i] != b[i]) return a[i].CompareTo(b[i]);
        }

        return a.Count.CompareTo(b.Count);

        static List<int> Place(WorkflowNode node)
        {
            var place = new List<int> { node.Index };
            for (var at = node; at.Map is { } map; at = map) place.InsertRange(0, [map.Index, at.Item]);
            return place;
        }
    }
}
