using System.Text.Json;
using Gateway.Contracts;
using Gateway.Templates;
using Gateway.Workflows;

namespace Gateway.Engine;

/// <summary>What the templates and expressions of a node read of its session.</summary>
internal sealed class NodeScope(SessionState session, NodeState node) : TemplateScope
{
    private static readonly string[] Outside = ["input", "nodes", "conversation"];

    // Members that SessionInput makes the whole text of, and a client with a plain text means.
    private static readonly string[] TextMembers = ["subject", "topic", "input", "text"];

    private Dictionary<string, object?>? _json;
    private (string Text, JsonElement? Members)? _input;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Roots => [.. Outside, .. Loop is null ? [] : (string[])["loop"], .. Items().SelectMany(item => (string[])[item.Name, "map"]).Distinct()];

    // Before a loop has begun, the rounds that it knows are those of the loop around it. A child workflow knows none of those around it.
    private NodeState? Loop
    {
        get
        {
            if (node.Node is { Entry: not null, Maps: false, Nests: false } && node.Round > 0) return node;
            var around = node.Node.Loop;
            while (around is { Maps: true }) around = around.Loop;
            return around is { Nests: false } ? session[around] : null;
        }
    }

    private (string Text, JsonElement? Members) Given => _input ??= session.InputOf(node);

    /// <summary>What a node found, or what it said where that is JSON; null when it is not.</summary>
    public static JsonElement? JsonOf(NodeState state, StepBudget steps)
    {
        if (state is { Node.Maps: true }) return null;
        var (text, result) = Last(state);
        if (result is not null) return result;
        var said = text();
        steps.Take(said.Length);
        return JsonLimits.TryParse(said);
    }

    /// <inheritdoc/>
    public override bool TryGet(string root, out object? value)
    {
        value = root switch
        {
            "input" => new Members(Input, Given.Text),
            "nodes" => new Members(Node, text: null),
            "conversation" => session.UserMessages,
            "loop" when Loop is not null => new Members(Rounds, text: null),
            "map" when node.Node.Map is not null && Items().Any() => new Members(Map, text: null),
            _ => null,
        };
        if (value is not null) return true;
        foreach (var (name, map, index) in Items())
        {
            if (name != root) continue;
            value = TemplateValue.Of(map.Given!.Value[index], this);
            return true;
        }

        return false;
    }

    // In a round in which it has not completed, a node is as it was in the one before.
    private static (Func<string> Text, JsonElement? Result) Last(NodeState state) => state.Status switch
    {
        NodeStatus.Completed => (() => SessionOutput.TextOf(state) ?? state.View.Output, state.Result),
        _ when state.Earlier is { } earlier => (() => earlier.Text, earlier.Result),
        _ => (() => string.Empty, null),
    };

    private (bool Found, object? Value) Input(string name)
    {
        if (Given.Members is { } members) return members.TryGetProperty(name, out var member) ? (true, TemplateValue.Of(member, this)) : (false, null);
        return (TextMembers.Contains(name), Given.Text);
    }

    private (bool Found, object? Value) Rounds(string name) => (name == "round", (decimal)Loop!.Round);

    private (bool Found, object? Value) Map(string name) => name switch
    {
        "index" => (true, (decimal)node.Node.Item),
        "size" => (true, (decimal)session[node.Node.Map!].ItemCount),
        _ => (false, null),
    };

    // The items that a node stands for within its own workflow, the innermost first.
    private IEnumerable<(string Name, NodeState Map, int Item)> Items()
    {
        for (var at = node.Node; at.Map is { } map; at = map)
        {
            if (ChildWorkflow.NodeAround(map.Name) != ChildWorkflow.NodeAround(node.Node.Name)) yield break;
            var state = session[map];
            yield return (state.Kind.ItemName(map.Definition) ?? "item", state, at.Item);
        }
    }

    private (bool Found, object? Value) Node(string id) => session.Find(node, id) is { } state ? (true, new Members(name => NodeMember(state, name), text: null)) : (false, null);

    private (bool Found, object? Value) NodeMember(NodeState state, string name)
    {
        switch (name)
        {
            case "text":
                var text = Last(state).Text();
                Take(text.Length);
                return (true, text);
            case "status":
                return (true, state.Status);
            case "error":
                return (true, state.Error);
            case "json":
                return Json(state);
            default:
                return (false, null);
        }
    }

    // A template that reads many members of one text parses it once.
    private (bool Found, object? Value) Json(NodeState state)
    {
        _json ??= new Dictionary<string, object?>(StringComparer.Ordinal);
        if (!_json.TryGetValue(state.Id, out var value))
        {
            if (state is { Node.Maps: true, Status: NodeStatus.Completed })
            {
                var list = MapOutput.Of(session, state);
                Take(JsonLimits.SizeOf(list));
                _json.Add(state.Id, value = TemplateValue.Of(list, this));
                return (true, value);
            }

            var (text, result) = Last(state);
            var json = result;
            if (json is null)
            {
                var said = text();
                Take(said.Length);
                json = JsonLimits.TryParse(said);
            }

            if (json is null) throw new TemplateException($"'nodes.{state.Id}.json' leads nowhere: the node has {(state.Status == NodeStatus.Completed || state.Earlier is not null ? "said nothing that is JSON" : "not completed")}.");
            _json.Add(state.Id, value = TemplateValue.Of(json.Value, this));
        }

        return (true, value);
    }

    private sealed class Members(Func<string, (bool Found, object? Value)> find, string? text) : ITemplateObject
    {
        public string? Text => text;

        public bool TryGet(string name, out object? value)
        {
            (var found, value) = find(name);
            return found;
        }
    }
}
