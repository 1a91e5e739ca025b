using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>Finds what is wrong with the edges of a definition.</summary>
/// <remarks>Walks without recursion, so that no definition, however long, can overflow the stack. Time is linear in the edges.</remarks>
internal sealed class GraphCheck(IReadOnlyDictionary<string, NodeDefinition> nodes, NodeShapes shapes, ProblemList problems)
{
    private const int MaxShown = 12;

    private readonly Dictionary<string, List<Edge>> _edges = nodes.Keys.ToDictionary(id => id, _ => new List<Edge>(), StringComparer.Ordinal);
    private readonly HashSet<string> _broken = [];

    /// <summary>Marks a node whose edges are unknown, so that nothing is concluded from them.</summary>
    public void MarkBroken(string id) => _broken.Add(id);

    /// <summary>Checks a node's <c>next</c> and takes the edges that lead somewhere.</summary>
    public void AddEdges(string id, string path, NodeDefinition node)
    {
        var next = node.Next ?? [];
        if (Ends(node))
        {
            if (next.Count > 0) problems.Add($"{path}.next", $"A node of type '{node.Type}' has no 'next'; the session ends there.");
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
        else if (next.Count > 1 && shapes.Find(node.Type) is not { Rules.Branches: true })
        {
            problems.Add($"{path}.next", $"Only a node of type {shapes.Named(rules => rules.Branches)} has several 'next'; put one in between.");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < next.Count; i++) AddEdge(id, next.Count == 1 ? $"{path}.next" : $"{path}.next[{i}]", next[i], seen);
    }

    /// <summary>Checks what only the whole graph shows: cycles, and nodes that no session can reach or leave.</summary>
    public void Check()
    {
        CheckCycles();
        CheckReachable();
        CheckLeadsToEnd();
    }

    private void AddEdge(string from, string path, string? to, HashSet<string> seen)
    {
        if (string.IsNullOrEmpty(to))
        {
            MarkBroken(from);
            problems.Add(path, "The entry is empty; name a node.");
        }
        else if (!seen.Add(to))
        {
            problems.Add(path, $"'{Naming.Show(to)}' is named twice; a node follows another once.");
        }
        else if (!nodes.TryGetValue(to, out var target))
        {
            MarkBroken(from);
            var meant = problems.AddUnknown(path, $"There is no node '{Naming.Show(to)}'", to, nodes.Keys);
            // The check goes on as if the name were spelled right, so that a typo does not also make half of the graph unreachable.
            if (meant is not null && meant != from && !Begins(nodes[meant])) _edges[from].Add(new Edge(path, meant, IsGuess: true));
        }
        else if (Begins(target))
        {
            problems.Add(path, $"'{Naming.Show(to)}' is the start; nothing leads back to it.");
        }
        else
        {
            _edges[from].Add(new Edge(path, to));
        }
    }

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
                if (edge.IsGuess) continue;
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
        problems.Add(edge.Path, $"The nodes form a cycle: {string.Join(" -> ", ids)}; loops are not supported.");
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

        var before = nodes.Keys.ToDictionary(id => id, _ => new List<string>(), StringComparer.Ordinal);
        foreach (var (from, edges) in _edges)
        {
            foreach (var edge in edges) before[edge.To].Add(from);
        }

        // A node whose 'next' is broken has been reported already. Where it would lead is unknown, so it counts as leading to an end.
        var leading = Walk([.. ends, .. _broken], id => before[id]);
        foreach (var id in nodes.Keys.Where(id => !leading.Contains(id)))
        {
            problems.Add($"nodes.{Naming.Show(id)}", $"No way leads from here to a node of type {shapes.Named(rules => rules.Ends)}; a session could never end.");
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

    private bool Ends(NodeDefinition? node) => shapes.Find(node?.Type) is { Rules.Ends: true };

    private readonly record struct Edge(string Path, string To, bool IsGuess = false);
}
