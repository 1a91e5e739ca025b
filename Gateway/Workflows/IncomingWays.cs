using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>How many nodes lead to each node of a definition, however broken that is; counted when it is asked first.</summary>
internal sealed class IncomingWays(IReadOnlyDictionary<string, NodeDefinition> nodes, NodeShapes shapes)
{
    private Dictionary<string, int>? _counts;
    private bool _isUnknown;

    /// <summary>How many nodes lead to a node, the loop of whose body it is the first not counted; the greatest number where that is not known.</summary>
    public int Count(string id)
    {
        _counts ??= CountAll();
        return _isUnknown ? int.MaxValue : _counts.GetValueOrDefault(id);
    }

    private Dictionary<string, int> CountAll()
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in nodes.Values)
        {
            // A misspelt name may be meant for any node, and so may what is missing.
            if (node is null || shapes.Find(node.Type) is not { } shape)
            {
                _isUnknown = true;
                return counts;
            }

            named.Clear();
            foreach (var to in shape.Ways(node).Where(way => !way.IsBody).Select(way => way.To).Concat(node.Next ?? []))
            {
                if (to is null || !nodes.ContainsKey(to)) _isUnknown = true;
                else if (named.Add(to)) counts[to] = counts.GetValueOrDefault(to) + 1;
            }
        }

        return counts;
    }
}
