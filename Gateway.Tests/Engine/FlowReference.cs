using Gateway.Contracts;

namespace Gateway.Tests.Engine;

/// <summary>What becomes of each node of a random flow without races: round by round, with no notion of order or time.</summary>
internal sealed class FlowReference
{
    private readonly IReadOnlyDictionary<string, NodeDefinition> _nodes;
    private readonly Func<string, bool> _fails;
    private readonly Dictionary<string, string> _known = [];
    private readonly Dictionary<string, int> _rounds = [];
    private readonly HashSet<string> _open = [];

    private FlowReference(IReadOnlyDictionary<string, NodeDefinition> nodes, Func<string, bool> fails)
    {
        _nodes = nodes;
        _fails = fails;
    }

    /// <summary>Whether a node has failed whose failure is that of the session.</summary>
    public bool IsDoomed { get; private set; }

    /// <summary>The last status of each node.</summary>
    public IReadOnlyDictionary<string, string> Statuses => _known;

    /// <summary>The rounds that each loop went through in its last run.</summary>
    public IReadOnlyDictionary<string, int> Rounds => _rounds;

    public static FlowReference Evaluate(WorkflowDefinition workflow, Func<string, bool> fails)
    {
        var reference = new FlowReference(workflow.Nodes!, fails);
        reference.Run(null);
        return reference;
    }

    private void Run(string? loop)
    {
        var inside = _nodes.Keys.Where(id => RandomFlow.LoopOf(id) == loop).ToList();
        foreach (var id in inside) _known.Remove(id);
        foreach (var id in inside) Of(id);
    }

    private string Of(string id)
    {
        if (_known.TryGetValue(id, out var status)) return status;
        if (!_open.Add(id)) throw new InvalidOperationException($"{id} waits for itself.");
        var node = _nodes[id];
        var before = _nodes.Where(n => RandomFlow.LoopOf(n.Key) == RandomFlow.LoopOf(id) && RandomFlow.NextOf(n.Value).Contains(id)).Select(n => n.Key).ToList();
        foreach (var source in before) Of(source);
        var skipped = (before.Count > 0 && !before.Any(source => Leads(source, id))) || (node.When is { } condition && !Holds(condition, id));
        if (skipped) status = NodeStatus.Skipped;
        else if (node.Type == NodeType.Loop) status = Loop(id, node);
        else status = node.Type == NodeType.Agent && _fails(id) ? NodeStatus.Failed : NodeStatus.Completed;
        if (skipped && node.Type == NodeType.Loop) Skip(id);
        if (status == NodeStatus.Failed && node.OnError == ErrorPolicy.Fail) IsDoomed = true;
        _open.Remove(id);
        return _known[id] = status;
    }

    private string Loop(string id, NodeDefinition node)
    {
        var most = node.With!.Value.GetProperty("max_rounds").GetInt32();
        var two = node.With.Value.TryGetProperty("until", out _);
        for (var round = 1; ; round++)
        {
            _rounds[id] = round;
            Run(id);
            if (!_nodes.Any(n => RandomFlow.LoopOf(n.Key) == id && Leads(n.Key, id))) return NodeStatus.Failed;
            if (round >= most || (two && round >= 2)) return NodeStatus.Completed;
        }
    }

    // The body of a loop that never began is skipped with it; what is left of an earlier run stays as it is.
    private void Skip(string loop)
    {
        foreach (var id in _nodes.Keys.Where(id => RandomFlow.LoopOf(id) == loop))
        {
            _known.TryAdd(id, NodeStatus.Skipped);
            if (_nodes[id].Type == NodeType.Loop) Skip(id);
        }
    }

    private bool Leads(string from, string to)
    {
        var node = _nodes[from];
        if (!RandomFlow.NextOf(node).Contains(to)) return false;
        if (Of(from) == NodeStatus.Failed) return node.OnError == ErrorPolicy.Continue;
        if (Of(from) != NodeStatus.Completed) return false;
        if (node.Type != NodeType.Condition) return true;
        var taken = node.With!.Value.GetProperty("when").EnumerateArray().Where(way => Holds(way.GetProperty("if").GetString()!, from)).Select(way => way.GetProperty("next").GetString()).FirstOrDefault();
        return (taken ?? node.With.Value.GetProperty("else").GetString()) == to;
    }

    private bool Holds(string condition, string id) => condition switch
    {
        "input == 'topic'" => true,
        "loop.round > 1" => _rounds[RandomFlow.LoopOf(id)!] > 1,
        _ => false,
    };
}
