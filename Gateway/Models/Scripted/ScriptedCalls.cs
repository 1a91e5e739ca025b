using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Gateway.Models.Scripted;

/// <summary>Decides which tools the scripted model calls, and with what: once in its turn, those that it was told about by name, else the first.</summary>
/// <param name="request">What was asked.</param>
/// <param name="random">Chooses where a schema leaves a choice.</param>
/// <param name="writer">Writes the sentences.</param>
internal sealed class ScriptedCalls(ScriptedRequest request, ScriptedRandom random, ScriptedWriter writer)
{
    private const int Most = 3;

    private static readonly SearchValues<char> Sums = SearchValues.Create("0123456789.+-*/%() ");

    /// <summary>The calls; none where there are no tools, none may be called, or they have answered.</summary>
    public IReadOnlyList<FunctionCallContent> For(ChatOptions? options)
    {
        if (options?.Tools is not { Count: > 0 } || options.ToolMode is NoneChatToolMode || request.Results.Count > 0) return [];
        var tools = options.Tools.OfType<AIFunctionDeclaration>().ToList();
        var named = tools.Where(tool => Mentions(request.Instructions, tool.Name) || Mentions(request.Topic, tool.Name)).Take(Most).ToList();
        if (named.Count == 0) named = [.. tools.Take(1)];
        return [.. named.Select((tool, index) => new FunctionCallContent($"call-{index + 1}", tool.Name, Arguments(tool.JsonSchema)))];
    }

    /// <summary>What it writes for an argument of this name.</summary>
    public static string Word(string name, ScriptedRequest request) => name == "expression" ? Sum(request.Topic) : request.Topic;

    private Dictionary<string, object?> Arguments(JsonElement schema)
    {
        var json = JsonElement.Parse(new ScriptedJson(request, random, writer, isCall: true).Answer(schema));
        return json.ValueKind == JsonValueKind.Object ? json.EnumerateObject().ToDictionary(member => member.Name, member => (object?)member.Value, StringComparer.Ordinal) : [];
    }

    private static bool Mentions(string text, string tool) => text.Contains(tool, StringComparison.OrdinalIgnoreCase);

    // The longest part of the topic that could be a sum.
    private static string Sum(string topic)
    {
        var best = "";
        for (var at = 0; at < topic.Length;)
        {
            var from = topic.AsSpan(at).IndexOfAny(Sums);
            if (from < 0) break;
            at += from;
            var length = topic.AsSpan(at).IndexOfAnyExcept(Sums);
            var part = topic.AsSpan(at, length < 0 ? topic.Length - at : length).Trim();
            if (part.Length > best.Length && part.IndexOfAnyInRange('0', '9') >= 0) best = part.ToString();
            at += length < 0 ? topic.Length - at : length;
        }

        return best.TrimEnd('.', ' ') is { Length: > 0 } sum ? sum : "1 + 1";
    }
}
