using System.Text.Json;
using Gateway.Contracts;
using Gateway.Templates;

namespace Gateway.Engine;

/// <summary>What the templates and expressions of a node read of its session.</summary>
internal sealed class NodeScope(SessionState session, NodeState node) : TemplateScope
{
    private static readonly string[] Outside = ["input", "nodes", "conversation"];
    private static readonly string[] Inside = [.. Outside, "loop"];

    // Members that SessionInput makes the whole text of, and a client with a plain text means.
    private static readonly string[] TextMembers = ["subject", "topic", "input", "text"];

    private Dictionary<string, object?>? _json;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Roots => Loop is null ? Outside : Inside;

    // Before a loop has begun, the rounds that it knows are those of the loop around it.
    private NodeState? Loop => node.Node.Entry is not null && node.Round > 0 ? node : node.Node.Loop is { } around ? session[around] : null;

    /// <summary>What a node found, or what it said where that is JSON; null when it is not.</summary>
    public static JsonElement? JsonOf(NodeState state, StepBudget steps)
    {
        var (text, result) = Last(state);
        if (result is not null) return result;
        var said = text();
        steps.Take(said.Length);
        return Parse(said);
    }

    /// <inheritdoc/>
    public override bool TryGet(string root, out object? value)
    {
        value = root switch
        {
            "input" => new Members(Input, session.Header.Input),
            "nodes" => new Members(Node, text: null),
            "conversation" => session.UserMessages,
            "loop" when Loop is not null => new Members(Rounds, text: null),
            _ => null,
        };
        return value is not null;
    }

    private static JsonElement? Parse(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
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
        if (session.Header.InputMembers is { } members) return members.TryGetProperty(name, out var member) ? (true, TemplateValue.Of(member)) : (false, null);
        return (TextMembers.Contains(name), session.Header.Input);
    }

    private (bool Found, object? Value) Rounds(string name) => (name == "round", (decimal)Loop!.Round);

    private (bool Found, object? Value) Node(string id) => session.Find(id) is { } state ? (true, new Members(name => NodeMember(state, name), text: null)) : (false, null);

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
            var (text, result) = Last(state);
            var json = result;
            if (json is null)
            {
                var said = text();
                Take(said.Length);
                json = Parse(said);
            }

            if (json is null) throw new TemplateException($"'nodes.{state.Id}.json' leads nowhere: the node has {(state.Status == NodeStatus.Completed || state.Earlier is not null ? "said nothing that is JSON" : "not completed")}.");
            _json.Add(state.Id, value = TemplateValue.Of(json.Value));
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
