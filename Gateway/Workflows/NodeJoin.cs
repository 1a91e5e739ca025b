using System.Text.Json;
using Gateway.Contracts;

namespace Gateway.Workflows;

/// <summary>For how many of the nodes before it a node waits.</summary>
/// <param name="Needs">How many must have led to it before it starts; null: it waits for all that can still reach it.</param>
internal readonly record struct NodeJoin(int? Needs)
{
    private const string Words = "Expected all, any or {quorum: n}.";

    /// <summary>What a definition says; for all where it says nothing or cannot be read.</summary>
    public static NodeJoin Of(NodeDefinition node) => Read(node.Join).Join;

    /// <summary>Reports what is wrong with a <c>join</c>.</summary>
    public static void Check(NodeCheck check, int before)
    {
        var (join, problem) = Read(check.Definition.Join);
        if (problem is not null) check.Report("join", problem);
        else if (join.Needs is { } needs and > 1 && needs > before) check.Report("join", $"The node waits for {needs} nodes, but only {before} lead to it.");
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
                return (default, "A quorum is a whole number from 1.");
            default:
                return (default, Words);
        }
    }
}
