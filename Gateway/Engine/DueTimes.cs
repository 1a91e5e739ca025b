namespace Gateway.Engine;

/// <summary>When the time of each node of a session comes, the next one first.</summary>
/// <remarks>A node is asked again only after a change of its status, so a session with a thousand clocks pays for those that change.</remarks>
internal sealed class DueTimes
{
    private readonly SortedSet<(TimeSpan At, long Number)> _times = [];
    private readonly Dictionary<long, NodeState> _nodes = [];
    private readonly Dictionary<NodeState, (TimeSpan At, long Number)> _known = [];
    private readonly HashSet<NodeState> _changed = [];
    private long _count;

    /// <summary>The status of a node has changed, so its time may be another.</summary>
    public void Note(NodeState node) => _changed.Add(node);

    /// <summary>The node whose time comes next, and when, on the session's clock; null when no node has one.</summary>
    public (NodeState Node, TimeSpan At)? Next
    {
        get
        {
            foreach (var node in _changed) Settle(node);
            _changed.Clear();
            return _times.Count == 0 ? null : (_nodes[_times.Min.Number], _times.Min.At);
        }
    }

    private void Settle(NodeState node)
    {
        if (_known.Remove(node, out var before))
        {
            _times.Remove(before);
            _nodes.Remove(before.Number);
        }

        if (node.Due is not { } at) return;
        var time = (at, ++_count);
        _known.Add(node, time);
        _nodes.Add(_count, node);
        _times.Add(time);
    }
}
