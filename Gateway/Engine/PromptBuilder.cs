using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Engine.Calls;
using Gateway.Models;
using Gateway.Templates;
using Gateway.Tools;
using Gateway.Workflows;
using Microsoft.Extensions.AI;

namespace Gateway.Engine;

/// <summary>Builds what the models of a session's agents are asked from its state.</summary>
/// <remarks>Branches that know the same are asked with one and the same text, so that a thousand of them cost one input and not a thousand.</remarks>
internal sealed class PromptBuilder
{
    private const string Missing = "(Nothing: this part of the work failed.)";

    private const string JsonAlone = "Answer with one JSON value and nothing else: no words around it, no code fence.";

    private readonly WeakReference<string> _last = new(string.Empty);
    private List<(string Heading, string Text)>? _lastParts;

    /// <summary>How much a model may say in one call, in bytes of UTF-8.</summary>
    public long MaxAnswerBytes { get; init; } = long.MaxValue;

    /// <summary>The agent's instructions; then the node's own prompt, or the input, what the nodes before it hand on, and what users said.</summary>
    /// <exception cref="TemplateException">The node's prompt cannot be written.</exception>
    public ModelRequest Build(SessionState state, NodeState node, AgentDefinition agent, AgentCall call)
    {
        state.Steps.Begin();
        var messages = new List<ChatMessage>(2);
        if (!string.IsNullOrWhiteSpace(agent.Instructions)) messages.Add(new ChatMessage(ChatRole.System, agent.Instructions));
        if (call.IsJson) messages.Add(new ChatMessage(ChatRole.System, call.Schema is { } asked ? $"{JsonAlone} It fits this JSON Schema:\n{asked.GetRawText()}" : JsonAlone));
        messages.Add(new ChatMessage(ChatRole.User, node.Node.Definition.Prompt is { } prompt ? node.View.Render(prompt) : Describe(state, node)));
        AddCalls(messages, node, 1, node.Rejected?.Round ?? node.Tools.Round);
        if (node.Rejected is { } rejected)
        {
            messages.Add(new ChatMessage(ChatRole.Assistant, rejected.Text));
            messages.Add(new ChatMessage(ChatRole.User, $"{rejected.Reason} {JsonAlone}"));
            AddCalls(messages, node, rejected.Round + 1, node.Tools.Round);
        }

        // With a retry of its own the node decides, not the provider's client.
        var options = new OneTryOptions { IsOnlyTry = node.Node.Definition.Retry is not null, Temperature = (float?)agent.Temperature, MaxOutputTokens = agent.MaxOutputTokens };
        if (call.IsJson) options.ResponseFormat = call.Schema is { } schema ? ChatResponseFormat.ForJsonSchema(schema) : ChatResponseFormat.Json;
        return new ModelRequest(messages, options) { MaxAnswerBytes = MaxAnswerBytes, Tools = call.Tools, MustAnswer = node.Tools.Round >= call.MaxToolRounds };
    }

    // What it called in earlier steps of its turn, and what came of that; also in earlier attempts, whose calls are not made again.
    private static void AddCalls(List<ChatMessage> messages, NodeState node, int from, int to)
    {
        for (var round = from; round <= to; round++)
        {
            var asked = new ChatMessage { Role = ChatRole.Assistant };
            var answered = new ChatMessage { Role = ChatRole.Tool };
            if (node.Tools.Said[round - 1] is { Length: > 0 } said) asked.Contents.Add(new TextContent(said));
            foreach (var (index, call) in node.Tools.Calls.Where(call => (call.Round ?? 1) == round).Index())
            {
                // Some providers take nothing but nine letters and digits for an id.
                var id = string.Create(CultureInfo.InvariantCulture, $"call{round:00}{index + 1:000}");
                var arguments = call.Arguments is { ValueKind: JsonValueKind.Object } json ? ToolArguments.Of<object?>(json, value => value) : [];
                asked.Contents.Add(new FunctionCallContent(id, call.Name, arguments));
                answered.Contents.Add(new FunctionResultContent(id, ResultOf(call)));
            }

            messages.Add(asked);
            messages.Add(answered);
        }
    }

    private static string ResultOf(ToolCall call) => call.ResultLength is { } length
        ? string.Create(CultureInfo.InvariantCulture, $"{call.Result}\n[cut here; the result has {length} characters]")
        : call.Result ?? string.Empty;

    private string Describe(SessionState state, NodeState node)
    {
        var parts = state.Graph.Ancestors(node.Node)
            .Select(ancestor => state[ancestor])
            .Where(ancestor => !IsLeftOver(state, ancestor))
            .Select(ancestor => (Node: ancestor, Text: TextOf(state, ancestor)))
            .Where(part => !string.IsNullOrEmpty(part.Text))
            .Select(part => (Heading: Heading(part.Node, node), Text: part.Text!))
            .Concat(Earlier(state, node))
            .Concat(state.UserMessages.Select(message => (Heading: "User", Text: message)))
            .ToList();
        var input = state.InputOf(node).Text;
        parts.InsertRange(0, Items(state, node));
        if (parts.Count == 0) return input;

        if (input.Length > 0) parts.Insert(0, ("Input", input));
        if (_lastParts is not null && AreSame(_lastParts, parts) && _last.TryGetTarget(out var same)) return same;

        var text = Join(parts);
        _lastParts = parts;
        _last.SetTarget(text);
        return text;
    }

    // Behind a map there is one of each node for every item.
    private static string Heading(NodeState said, NodeState reader) =>
        said.Node.Items.Length > 0 && !reader.Node.Items.StartsWith(said.Node.Items, StringComparison.Ordinal) ? $"{said.Kind.Heading(said.View)} {said.Node.Items}" : said.Kind.Heading(said.View);

    // An earlier round of a loop around a map may have had more items.
    private static bool IsLeftOver(SessionState state, NodeState node) => node.Node.Map is { } map && node.Node.Item >= state[map].ItemCount;

    // The items that the node stands for within its own workflow, the outermost first.
    private static List<(string Heading, string Text)> Items(SessionState state, NodeState node)
    {
        var items = new List<(string Heading, string Text)>();
        for (var at = node.Node; at.Map is { } map && ChildWorkflow.NodeAround(map.Name) == ChildWorkflow.NodeAround(node.Node.Name); at = map)
        {
            var name = state[map].Kind.ItemName(map.Definition) ?? "item";
            items.Insert(0, (char.ToUpperInvariant(name[0]) + name[1..], TemplateValue.Text(TemplateValue.Of(state[map].Given!.Value[at.Item]))));
        }

        return items;
    }

    // What came back to the loops around the node in the round before: without it, every round would begin from nothing.
    private static IEnumerable<(string Heading, string Text)> Earlier(SessionState state, NodeState node)
    {
        for (var loop = node.Node.Loop; loop is { Nests: false }; loop = loop.Loop)
        {
            if (state[loop].Round < 2) continue;
            var found = new SortedList<int, NodeState>();
            var open = new Stack<WorkflowNode>(loop.Returns);
            while (open.TryPop(out var from))
            {
                state.Steps.Take();
                if (!found.TryAdd(from.Position, state[from])) continue;
                if (state[from].Earlier is { Text.Length: > 0 }) continue;
                foreach (var before in from.Predecessors) open.Push(before);
            }

            foreach (var said in found.Values)
            {
                if (said.Earlier is { Text: { Length: > 0 } text }) yield return ($"{said.Kind.Heading(said.View)}, in the round before", text);
            }
        }
    }

    // A text is the same when it is the same object: to compare megabytes for each agent would cost what sharing them saves.
    private static bool AreSame(List<(string Heading, string Text)> one, List<(string Heading, string Text)> other)
    {
        if (one.Count != other.Count) return false;
        for (var i = 0; i < one.Count; i++)
        {
            if (!ReferenceEquals(one[i].Text, other[i].Text) || one[i].Heading != other[i].Heading) return false;
        }

        return true;
    }

    private static string Join(List<(string Heading, string Text)> parts)
    {
        var text = new StringBuilder();
        foreach (var (heading, part) in parts)
        {
            if (text.Length > 0) text.Append("\n\n");
            text.Append("# ").Append(heading).Append('\n');
            AppendNested(text, part);
        }

        return text.ToString();
    }

    // A heading within somebody's text goes one level down, so that it cannot pass for the beginning of another speaker's.
    private static void AppendNested(StringBuilder text, string part)
    {
        var rest = part.AsSpan();
        while (true)
        {
            if (rest.StartsWith("# ")) text.Append('#');
            var end = rest.IndexOf("\n# ");
            if (end < 0) break;
            text.Append(rest[..(end + 1)]);
            rest = rest[(end + 1)..];
        }

        text.Append(rest);
    }

    // Without a word about a branch that failed, an agent would take the others for all there are.
    private static string? TextOf(SessionState state, NodeState node) => node.Status switch
    {
        NodeStatus.Completed when node.Node.Nests => SessionOutput.From(state, [node]),
        NodeStatus.Completed => SessionOutput.TextOf(node),
        NodeStatus.Failed => Missing,
        _ => null,
    };
}
