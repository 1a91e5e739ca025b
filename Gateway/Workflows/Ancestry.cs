namespace Gateway.Workflows;

/// <summary>Which nodes come before which, in a graph without cycles; a bit for each pair, so that a thousand nodes cost a thousand words an edge at most.</summary>
internal sealed class Ancestry
{
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private readonly ulong[][] _before;
    private readonly bool[] _known;

    /// <summary>Computes it; nodes on a cycle, and those behind one, are not known.</summary>
    public Ancestry(IEnumerable<string> ids, IEnumerable<(string From, string To)> edges)
    {
        foreach (var id in ids) _index.Add(id, _index.Count);
        var count = _index.Count;
        var next = new List<int>[count];
        var awaited = new int[count];
        for (var i = 0; i < count; i++) next[i] = [];
        foreach (var (from, to) in edges)
        {
            next[_index[from]].Add(_index[to]);
            awaited[_index[to]]++;
        }

        _known = new bool[count];
        _before = new ulong[count][];
        for (var i = 0; i < count; i++) _before[i] = new ulong[(count + 63) / 64];
        var ready = new Queue<int>(Enumerable.Range(0, count).Where(i => awaited[i] == 0));
        while (ready.TryDequeue(out var node))
        {
            _known[node] = true;
            foreach (var to in next[node])
            {
                var target = _before[to];
                for (var word = 0; word < target.Length; word++) target[word] |= _before[node][word];
                target[node / 64] |= 1UL << (node % 64);
                if (--awaited[to] == 0) ready.Enqueue(to);
            }
        }
    }

    /// <summary>Whether a way leads from one node to the other; true where that is not known.</summary>
    public bool IsBefore(string node, string other)
    {
        var (a, b) = (_index[node], _index[other]);
        return !_known[b] || (_before[b][a / 64] & (1UL << (a % 64))) != 0;
    }
}
