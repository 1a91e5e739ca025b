using Gateway.Contracts;

namespace Gateway.Tests.Engine;

/// <summary>What becomes of each node of a random flow without races: round by round and item by item, with no notion of order or time.</summary>
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
        reference.Run(null, string.Empty);
        return reference;
    }

    private void Run(string? loop, string items)
    {
        var inside = Inside(loop).ToList();
        foreach (var name in inside) _known.Remove(name + items);
        foreach (var name in inside) Of(name, items);
    }

    private IEnumerable<string> Inside(string? loop) => _nodes.Keys.Where(name => RandomFlow.LoopOf(name) == loop);

    private string Of(string name, string items)
    {
        if (_known.TryGetValue(name + items, out var status)) return status;
        if (!_open.Add(name + items)) throw new InvalidOperationException($"{name}{items} waits for itself.");
        var node = _nodes[name];
        var before = Inside(RandomFlow.LoopOf(name)).Where(other => RandomFlow.NextOf(other, _nodes[other]).Contains(name)).ToList();
        foreach (var source in before) Of(source, items);
        var skipped = (before.Count > 0 && !before.Any(source => Leads(source, name, items))) || (node.When is { } condition && !Holds(condition, name, items));
        status = skipped ? NodeStatus.Skipped : node.Type switch
        {
            NodeType.Loop => Loop(name, items, node),
            NodeType.Map => Map(name, items, node),
            NodeType.Workflow => Child(name, items),
            _ => node.Type is NodeType.Agent or NodeType.Tool && _fails(name + items) ? NodeStatus.Failed : NodeStatus.Completed,
        };
        if (skipped) Skip(name, items);
        if (status == NodeStatus.Failed && node.OnError == ErrorPolicy.Fail) IsDoomed = true;
        _open.Remove(name + items);
        return _known[name + items] = status;
    }

    private string Loop(string name, string items, NodeDefinition node)
    {
        var most = node.With!.Value.GetProperty("max_rounds").GetInt32();
        var two = node.With.Value.TryGetProperty("until", out _);
        for (var round = 1; ; round++)
        {
            _rounds[name + items] = round;
            Run(name, items);
            if (!Inside(name).Any(last => Leads(last, name, items))) return NodeStatus.Failed;
            if (round >= most || (two && round >= 2)) return NodeStatus.Completed;
        }
    }

    private string Map(string name, string items, NodeDefinition node)
    {
        var count = node.With!.Value.GetProperty("over").GetString() switch { "input.none" => 0, "input.one" => 1, _ => 3 };
        var returned = 0;
        for (var item = 0; item < count; item++)
        {
            Run(name, $"{items}[{item}]");
            if (Inside(name).Any(last => Leads(last, name, $"{items}[{item}]"))) returned++;
        }

        return count > 0 && returned == 0 ? NodeStatus.Failed : NodeStatus.Completed;
    }

    private string Child(string name, string items)
    {
        Run(name, items);
        return Inside(name).Any(last => Leads(last, name, items)) ? NodeStatus.Completed : NodeStatus.Failed;
    }

    // The body of a loop that never began is skipped with it; what is left of an earlier run stays as it is. A map that never began has no items.
    private void Skip(string loop, string items)
    {
        if (_nodes[loop].Type == NodeType.Map) return;
        foreach (var name in Inside(loop))
        {
            _known.TryAdd(name + items, NodeStatus.Skipped);
            Skip(name, items);
        }
    }

    private bool Leads(string from, string to, string items)
    {
        var node = _nodes[from];
        if (!RandomFlow.NextOf(from, node).Contains(to)) return false;
        if (Of(from, items) == NodeStatus.Failed) return node.OnError == ErrorPolicy.Continue;
        if (Of(from, items) != NodeStatus.Completed) return false;
        if (node.Type != NodeType.Condition) return true;
        var taken = node.With!.Value.GetProperty("when").EnumerateArray().Where(way => Holds(way.GetProperty("if").GetString()!, from, items)).Select(way => way.GetProperty("next").GetString()).FirstOrDefault();
        taken ??= node.With.Value.GetProperty("else").GetString()!;
        return from[..(from.LastIndexOf('/') + 1)] + taken == to;
    }

    private bool Holds(string condition, string name, string items) => condition switch
    {
        "input.topic == 'topic'" => true,
        "loop.round > 1" => RoundAround(name, items) > 1,
        "map.index > 0" => !items.EndsWith("[0]", StringComparison.Ordinal),
        _ => false,
    };

    // The nearest loop may stand outside of maps.
    private int RoundAround(string name, string items)
    {
        for (var loop = RandomFlow.LoopOf(name); ; loop = RandomFlow.LoopOf(loop!))
        {
            if (_nodes[loop!].Type == NodeType.Map) items = items[..items.LastIndexOf('[')];
            else return _rounds[loop! + items];
        }
    }
}
