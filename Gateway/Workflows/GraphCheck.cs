using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>Finds what is wrong with the edges of a definition.</summary>
/// <remarks>Walks without recursion, so that no definition, however long, can overflow the stack. Time is linear in the edges.</remarks>
internal sealed class GraphCheck(IReadOnlyDictionary<string, NodeDefinition> nodes, NodeShapes shapes, ProblemList problems)
{
    private const int MaxShown = 12;

    private readonly Dictionary<string, List<Edge>> _edges = nodes.Keys.ToDictionary(id => id, _ => new List<Edge>(), StringComparer.Ordinal);
    private readonly HashSet<string> _broken = [];

    // The loop whose body each node belongs to; null for those that are in none.
    private readonly Dictionary<string, string?> _loops = new(StringComparer.Ordinal);
    private Ancestry? _ancestry;
    private bool _hasBodies;

    /// <summary>Marks a node whose edges are unknown, so that nothing is concluded from them.</summary>
    public void MarkBroken(string id) => _broken.Add(id);

    /// <summary>Checks a node's <c>next</c> and takes the edges that lead somewhere.</summary>
    public void AddEdges(string id, string path, NodeDefinition node)
    {
        var next = node.Next ?? [];
        var shape = shapes.Find(node.Type);
        if (Ends(node))
        {
            if (next.Count > 0) problems.Add($"{path}.next", $"A node of type '{node.Type}' has no 'next'; the session ends there.");
            return;
        }

        var ways = shape?.Ways(node).ToList() ?? [];
        AddWays(id, path, ways);
        if (shape is { Rules.Next: KeyUse.None })
        {
            if (next.Count > 0) problems.Add($"{path}.next", $"A node of type '{node.Type}' has no 'next'; its ways stand in 'with'.");
            if (ways.Count == 0) MarkBroken(id);
            return;
        }

        if (next.Count == 0)
        {
            MarkBroken(id);
            problems.Add($"{path}.next", "'next' is missing; name the node that follows.");
        }
        else if (next.Count > WorkflowValidator.MaxNodes)
        {
            MarkBroken(id);
            problems.Add($"{path}.next", $"'next' names {next.Count} nodes; a workflow has at most {WorkflowValidator.MaxNodes}.");
            return;
        }
        else if (next.Count > 1 && shape is not { Rules.Branches: true })
        {
            problems.Add($"{path}.next", $"Only a node of type {shapes.Named(rules => rules.Branches)} has several 'next'; put one in between.");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < next.Count; i++)
        {
            var edgePath = next.Count == 1 ? $"{path}.next" : $"{path}.next[{i}]";
            if (next[i] is { Length: > 0 } to && !seen.Add(to)) problems.Add(edgePath, $"'{Naming.Show(to)}' is named twice; a node follows another once.");
            else AddEdge(id, edgePath, next[i]);
        }
    }

    /// <summary>Checks what only the whole graph shows: bodies, cycles, and nodes that no session can reach or leave.</summary>
    public void Check()
    {
        if (_hasBodies) AssignBodies();
        CheckCycles();
        CheckReachable();
        CheckLeadsToEnd();
    }

    /// <summary>Checks what nodes wait for against the nodes that lead to them.</summary>
    public void CheckJoins()
    {
        if (!nodes.Values.Any(node => node?.Join is not null)) return;
        var before = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var (from, edges) in _edges)
        {
            foreach (var edge in edges.Where(edge => !edge.IsBody && !IsReturn(from, edge)))
            {
                if (!before.TryGetValue(edge.To, out var sources)) before.Add(edge.To, sources = new HashSet<string>(StringComparer.Ordinal));
                sources.Add(from);
            }
        }

        Arrivals? arrivals = null;
        bool? hasChoices = null;
        foreach (var (id, node) in nodes)
        {
            if (node?.Join is null || shapes.Find(node.Type) is null) continue;
            var known = _broken.Count > 0 ? null : before.GetValueOrDefault(id) ?? [];
            NodeJoin.Check(new NodeCheck(id, node, new WorkflowDefinition(), $"nodes.{Naming.Show(id)}", problems, []), known, Most);
        }

        int Most(IReadOnlyCollection<string> sources)
        {
            hasChoices ??= nodes.Values.Any(node => Chooses(node));
            if (hasChoices == false) return sources.Count;
            arrivals ??= new Arrivals(nodes.Keys, Forward().Distinct(), id => Chooses(nodes[id]));
            return arrivals.Most(sources);
        }
    }

    /// <summary>The loop whose rounds a node knows: itself when it is one, else the one around it; null when there is none.</summary>
    public string? LoopAround(string id) => Repeats(id) ? id : Around(id).FirstOrDefault(Repeats);

    /// <summary>What the items are called that a node stands for, by the maps around it.</summary>
    public IReadOnlyList<string> ItemNames(string id) =>
        [.. Around(id).Where(Maps).Select(map => shapes.Find(nodes[map].Type)!.ItemName(nodes[map])).OfType<string>()];

    /// <summary>The map in whose body a node stands and another does not, so that for that one there are many of it; null when there is none.</summary>
    public string? MapBetween(string node, string reader)
    {
        var shared = Around(reader).ToHashSet(StringComparer.Ordinal);
        return Around(node).LastOrDefault(around => Maps(around) && !shared.Contains(around));
    }

    /// <summary>Whether a node can have run, in this round or an earlier one, when another starts.</summary>
    public bool CanHaveRun(string node, string before)
    {
        // Within one loop each node comes before each other, a round later; and a loop asks when a round of its body is over.
        var around = Around(before).Prepend(before).Where(Repeats).ToHashSet(StringComparer.Ordinal);
        if (Around(node).Any(around.Contains)) return true;

        _ancestry ??= new Ancestry(nodes.Keys, Forward());
        return _ancestry.IsBefore(node, before);
    }

    private IEnumerable<string> Around(string id)
    {
        for (var loop = _loops.GetValueOrDefault(id); loop is not null; loop = _loops.GetValueOrDefault(loop)) yield return loop;
    }

    private bool Repeats(string id) => shapes.Find(nodes[id]?.Type) is { Rules.Repeats: true };

    private bool Maps(string id) => shapes.Find(nodes[id]?.Type) is { Rules.Maps: true };

    private string Word(string loop) => Maps(loop) ? "map" : "loop";

    private void AddWays(string id, string path, List<NodeWay> ways)
    {
        foreach (var way in ways) AddEdge(id, $"{path}.{way.Key}", way.To, way.IsBody);
    }

    private void AddEdge(string from, string path, string? to, bool isBody = false)
    {
        _hasBodies |= isBody;
        if (string.IsNullOrEmpty(to))
        {
            MarkBroken(from);
            problems.Add(path, "The entry is empty; name a node.");
        }
        else if (!nodes.TryGetValue(to, out var target))
        {
            MarkBroken(from);
            var meant = problems.AddUnknown(path, $"There is no node '{Naming.Show(to)}'", to, nodes.Keys);
            // The check goes on as if the name were spelled right, so that a typo does not also make half of the graph unreachable.
            if (meant is not null && meant != from && !Begins(nodes[meant])) _edges[from].Add(new Edge(path, meant, isBody, IsGuess: true));
        }
        else if (Begins(target))
        {
            problems.Add(path, $"'{Naming.Show(to)}' is the start; nothing leads back to it.");
        }
        else
        {
            _edges[from].Add(new Edge(path, to, isBody));
        }
    }

    // The outermost nodes first, then the bodies of their loops, and so on: a way between two of these is told where it leaves the inner one.
    private void AssignBodies()
    {
        var bodies = new Queue<(Edge Entry, string Loop)>();
        foreach (var start in Starts()) Spread(start, null);
        while (bodies.TryDequeue(out var body))
        {
            if (!_loops.ContainsKey(body.Entry.To)) Spread(body.Entry.To, body.Loop);
            else if (!body.Entry.IsGuess) problems.Add(body.Entry.Path, $"'{Naming.Show(body.Entry.To)}' is reached from outside of the {Word(body.Loop)}, too; a body is entered only here.");
        }

        void Spread(string first, string? loop)
        {
            _loops[first] = loop;
            var open = new Stack<string>([first]);
            while (open.TryPop(out var id))
            {
                foreach (var edge in _edges[id])
                {
                    if (edge.IsBody)
                    {
                        bodies.Enqueue((edge, id));
                    }
                    else if (edge.To == loop)
                    {
                        // The way back.
                    }
                    else if (_loops.TryAdd(edge.To, loop))
                    {
                        open.Push(edge.To);
                    }
                    else if (!edge.IsGuess && _loops[edge.To] != loop)
                    {
                        problems.Add(edge.Path, $"'{Naming.Show(edge.To)}' stands {Place(_loops[edge.To])}, and this node {Place(loop)}; a body is entered through its {Word(loop ?? _loops[edge.To]!)}, and left by leading back to it.");
                    }
                }

                if (loop is not null && Ends(nodes[id])) problems.Add($"nodes.{Naming.Show(id)}", $"A session cannot end {Place(loop)}; lead back to the {Word(loop)}, and end after it.");
            }
        }

        string Place(string? loop) => loop is null ? "in no loop" : $"in the body of the {Word(loop)} '{Naming.Show(loop)}'";
    }

    private bool IsReturn(string from, Edge edge) => _hasBodies && _loops.GetValueOrDefault(from) is { } loop && loop == edge.To;

    // Walks depth first with a stack of its own. An edge to a node on the current way closes a cycle.
    private void CheckCycles()
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        var way = new List<(string Id, int NextEdge)>();
        var position = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var root in Starts().Concat(nodes.Keys))
        {
            if (done.Contains(root)) continue;
            position[root] = 0;
            way.Add((root, 0));
            while (way.Count > 0)
            {
                var (id, nextEdge) = way[^1];
                if (nextEdge == _edges[id].Count)
                {
                    way.RemoveAt(way.Count - 1);
                    position.Remove(id);
                    done.Add(id);
                    continue;
                }

                way[^1] = (id, nextEdge + 1);
                var edge = _edges[id][nextEdge];
                if (edge.IsGuess || IsReturn(id, edge)) continue;
                if (position.TryGetValue(edge.To, out var first))
                {
                    ReportCycle(edge, way, first);
                }
                else if (!done.Contains(edge.To))
                {
                    position[edge.To] = way.Count;
                    way.Add((edge.To, 0));
                }
            }
        }
    }

    private void ReportCycle(Edge edge, List<(string Id, int NextEdge)> way, int first)
    {
        // A dense graph has more cycles than anybody reads, so those that are only counted are not written out.
        if (problems.IsFull)
        {
            problems.Add(edge.Path, string.Empty);
            return;
        }

        var length = way.Count - first;
        var ids = way.Skip(first).Take(MaxShown).Select(step => Naming.Show(step.Id)).ToList();
        if (length > MaxShown) ids.Add($"({length - MaxShown} more)");
        ids.Add(Naming.Show(edge.To));
        problems.Add(edge.Path, $"The nodes form a cycle: {string.Join(" -> ", ids)}; only the body of a loop leads back, to its loop.");
    }

    private void CheckReachable()
    {
        var starts = Starts().ToList();
        if (starts.Count == 0) return;

        var reached = Walk(starts, id => _edges[id].Select(edge => edge.To));
        foreach (var id in nodes.Keys.Where(id => !reached.Contains(id)))
        {
            problems.Add($"nodes.{Naming.Show(id)}", "No way leads here from the start; name it in a 'next', or take it out.");
        }
    }

    private void CheckLeadsToEnd()
    {
        var ends = nodes.Where(n => Ends(n.Value)).Select(n => n.Key).ToList();
        if (ends.Count == 0) return;

        // A loop leads to its body, and yet a body that never leads back leads to no end.
        var before = nodes.Keys.ToDictionary(id => id, _ => new List<string>(), StringComparer.Ordinal);
        foreach (var (from, edges) in _edges)
        {
            foreach (var edge in edges.Where(edge => !edge.IsBody)) before[edge.To].Add(from);
        }

        // A node whose 'next' is broken has been reported already. Where it would lead is unknown, so it counts as leading to an end.
        var leading = Walk([.. ends, .. _broken], id => before[id]);
        var stuck = CheckBodiesLeadBack();
        foreach (var id in nodes.Keys.Where(id => !leading.Contains(id) && !IsIn(stuck, id)))
        {
            problems.Add($"nodes.{Naming.Show(id)}", $"No way leads from here to a node of type {shapes.Named(rules => rules.Ends)}; a session could never end.");
        }
    }

    private bool IsIn(HashSet<string> loops, string id)
    {
        for (var loop = _loops.GetValueOrDefault(id); loop is not null; loop = _loops.GetValueOrDefault(loop))
        {
            if (loops.Contains(loop)) return true;
        }

        return false;
    }

    // A body from which nothing leads back is one problem of its loop, and not one of each of its nodes.
    private HashSet<string> CheckBodiesLeadBack()
    {
        var stuck = new HashSet<string>(StringComparer.Ordinal);
        if (!_hasBodies) return stuck;
        var leadBack = _edges.Where(from => from.Value.Any(edge => IsReturn(from.Key, edge))).Select(from => _loops[from.Key]!).ToHashSet(StringComparer.Ordinal);
        var broken = _broken.Select(id => _loops.GetValueOrDefault(id)).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var (id, edges) in _edges)
        {
            if (edges.Find(edge => edge.IsBody) is not { To: { } entry, IsGuess: false } body || leadBack.Contains(id) || broken.Contains(id) || _loops.GetValueOrDefault(entry) != id) continue;
            stuck.Add(id);
            problems.Add(body.Path, $"Nothing in the body leads back to the {Word(id)}, so {(Maps(id) ? "no item" : "no round")} could end; let the last node of the body name '{Naming.Show(id)}' in its 'next'.");
        }

        return stuck;
    }

    // The ways without those back to loops; what follows a loop follows what leads back to it.
    private IEnumerable<(string From, string To)> Forward()
    {
        foreach (var (from, edges) in _edges)
        {
            foreach (var edge in edges)
            {
                if (!IsReturn(from, edge)) yield return (from, edge.To);
                else foreach (var exit in _edges[edge.To].Where(exit => !exit.IsBody && !IsReturn(edge.To, exit))) yield return (from, exit.To);
            }
        }
    }

    private static HashSet<string> Walk(IEnumerable<string> from, Func<string, IEnumerable<string>> next)
    {
        var reached = new HashSet<string>(from, StringComparer.Ordinal);
        var open = new Stack<string>(reached);
        while (open.TryPop(out var id))
        {
            foreach (var to in next(id))
            {
                if (reached.Add(to)) open.Push(to);
            }
        }

        return reached;
    }

    private IEnumerable<string> Starts() => nodes.Where(n => Begins(n.Value)).Select(n => n.Key);

    private bool Begins(NodeDefinition? node) => shapes.Find(node?.Type) is { Rules.Begins: true };

    // One that fails and goes on has chosen nothing, and leads everywhere.
    private bool Chooses(NodeDefinition? node) => shapes.Find(node?.Type) is { Rules.Chooses: true } && node!.OnError != ErrorPolicy.Continue;

    private bool Ends(NodeDefinition? node) => shapes.Find(node?.Type) is { Rules.Ends: true };

    private readonly record struct Edge(string Path, string To, bool IsBody, bool IsGuess = false);
}
