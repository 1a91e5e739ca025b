namespace Gateway.Workflows;

/// <summary>How many of the nodes before a node can come to it in one go, at most: of a node that chooses, only one way is taken.</summary>
/// <remarks>
/// It goes by dominators: what a way of a choosing node leads to alone is exclusive with its other ways. Where ways meet again, both are
/// counted, so the answer may be too high and is never too low. Time: edges times the logarithm of the nodes, then the nodes for each question.
/// </remarks>
internal sealed class Arrivals
{
    private const int Root = 0;

    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private readonly bool[] _chooses;
    private readonly bool[] _known;

    // Whether a node is reached by one way only, that of its parent, which chooses.
    private readonly bool[] _isWay;
    private readonly int[] _place;
    private readonly int[] _depth;

    // The parent in the tree of dominators, the one above 2, 4, 8 ... of them.
    private readonly int[][] _above;

    /// <summary>Looks at a graph; nodes on a cycle, and those behind one, are not known.</summary>
    public Arrivals(IEnumerable<string> ids, IEnumerable<(string From, string To)> edges, Func<string, bool> chooses)
    {
        foreach (var id in ids) _index.Add(id, _index.Count + 1);
        var count = _index.Count + 1;
        _chooses = new bool[count];
        _known = new bool[count];
        _isWay = new bool[count];
        _place = new int[count];
        _depth = new int[count];
        _above = [.. Enumerable.Range(0, 11).Select(_ => new int[count])];
        foreach (var (id, node) in _index) _chooses[node] = chooses(id);
        Build(count, edges);
    }

    /// <summary>How many of some nodes can have led to another, at most.</summary>
    public int Most(IReadOnlyCollection<string> before)
    {
        var own = before.Select(id => _index[id]).ToHashSet();
        if (own.Any(node => !_known[node])) return int.MaxValue;
        var tree = new HashSet<int>();
        foreach (var start in own)
        {
            for (var node = start; node != Root && tree.Add(node); node = _above[0][node]) { }
        }

        var (way, free) = (new Dictionary<int, int>(), new Dictionary<int, int>());
        foreach (var node in tree.OrderByDescending(node => _place[node]))
        {
            var direct = own.Contains(node) ? 1 : 0;
            var most = free.GetValueOrDefault(node) + (_chooses[node] ? Math.Max(direct, way.GetValueOrDefault(node)) : direct + way.GetValueOrDefault(node));
            var parent = _above[0][node];
            if (_isWay[node]) way[parent] = Math.Max(way.GetValueOrDefault(parent), most);
            else free[parent] = free.GetValueOrDefault(parent) + most;
        }

        return free.GetValueOrDefault(Root);
    }

    private void Build(int count, IEnumerable<(string From, string To)> edges)
    {
        var next = new List<int>[count];
        var before = new List<int>[count];
        for (var i = 0; i < count; i++) (next[i], before[i]) = ([], []);
        foreach (var (from, to) in edges)
        {
            next[_index[from]].Add(_index[to]);
            before[_index[to]].Add(_index[from]);
        }

        var awaited = before.Select(sources => sources.Count).ToArray();
        var ready = new Queue<int>(Enumerable.Range(1, count - 1).Where(node => awaited[node] == 0));
        var place = 0;
        while (ready.TryDequeue(out var node))
        {
            _known[node] = true;
            _place[node] = ++place;
            var parent = before[node].Count == 0 ? Root : before[node].Aggregate(Meet);
            _depth[node] = _depth[parent] + 1;
            _above[0][node] = parent;
            for (var step = 1; step < _above.Length; step++) _above[step][node] = _above[step - 1][_above[step - 1][node]];
            _isWay[node] = before[node] is [var only] && _chooses[only];
            foreach (var to in next[node])
            {
                if (--awaited[to] == 0) ready.Enqueue(to);
            }
        }
    }

    // The lowest node above both.
    private int Meet(int a, int b)
    {
        if (_depth[a] < _depth[b]) (a, b) = (b, a);
        for (var step = _above.Length - 1; step >= 0; step--)
        {
            if (_depth[a] - (1 << step) >= _depth[b]) a = _above[step][a];
        }

        if (a == b) return a;
        for (var step = _above.Length - 1; step >= 0; step--)
        {
            if (_above[step][a] != _above[step][b]) (a, b) = (_above[step][a], _above[step][b]);
        }

        return _above[0][a];
    }
}
