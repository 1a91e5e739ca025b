using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>For how many of the nodes before it a node waits.</summary>
/// <param name="Needs">How many must have led to it before it starts; null: it waits for all that can still reach it.</param>
internal readonly record struct NodeJoin(int? Needs)
{
    private const string Words = "Expected all, any or {quorum: n}.";

    /// <summary>What a definition says; for all where it says nothing or cannot be read.</summary>
    public static NodeJoin Of(NodeDefinition node) => Read(node.Join).Join;

    /// <summary>The JSON Schema of a <c>join</c>.</summary>
    public static JsonObject Schema() => JsonNode.Parse("""{"anyOf":[{"enum":["all","any",null]},{"type":"object","properties":{"quorum":{"type":"integer","minimum":1}},"required":["quorum"],"additionalProperties":false}]}""")!.AsObject();

    /// <summary>Reports what is wrong with a <c>join</c>.</summary>
    /// <param name="check">The node.</param>
    /// <param name="before">The nodes that lead to it; null where that is not known.</param>
    /// <param name="most">How many of these can come in one go; asked only where it matters.</param>
    public static void Check(NodeCheck check, IReadOnlyCollection<string>? before, Func<IReadOnlyCollection<string>, int> most)
    {
        var (join, problem) = Read(check.Definition.Join);
        if (problem is not null) check.Report("join", problem);
        else if (before is null || join.Needs is not ({ } needs and > 1)) return;
        else if (needs > before.Count) check.Report("join", $"The node waits for {needs} nodes, but only {before.Count} lead to it; lower the quorum, or lead more nodes here.");
        else if (most(before) is var can && needs > can) check.Report("join", $"The node waits for {needs} nodes, but of those that lead to it only {can} can ever come in one go, since a condition before them takes one way; lower the quorum, or say any.");
    }

    private static (NodeJoin Join, string? Problem) Read(JsonElement? join)
    {
        switch (join)
        {
            case null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined }:
                return (default, null);
            case { ValueKind: JsonValueKind.String } word:
                return word.GetString() switch { "all" => (default, null), "any" => (new NodeJoin(1), null), _ => (default, Words) };
            case { ValueKind: JsonValueKind.Object } value when value.GetPropertyCount() == 1 && value.TryGetProperty("quorum", out var quorum):
                if (quorum.ValueKind == JsonValueKind.Number && quorum.TryGetInt32(out var needs) && needs >= 1) return (new NodeJoin(needs), null);
                return (default, "A quorum is a whole number from 1; write {quorum: 2}.");
            default:
                return (default, Words);
        }
    }
}
