using System.Text.Json;
using Gateway.Contracts;

namespace Gateway.Engine.Nodes;

/// <summary>Reads parameters out of a node's <c>with</c>; null where one is missing or of another kind.</summary>
internal static class With
{
    /// <summary>A text.</summary>
    public static string? Text(NodeDefinition node, string key) => Find(node, key) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>A number.</summary>
    public static decimal? Number(NodeDefinition node, string key) => Find(node, key) is { ValueKind: JsonValueKind.Number } number && number.TryGetDecimal(out var value) ? value : null;

    /// <summary>Any value.</summary>
    public static JsonElement? Find(NodeDefinition node, string key) =>
        node.With is { ValueKind: JsonValueKind.Object } with && with.TryGetProperty(key, out var value) ? value : null;
}
