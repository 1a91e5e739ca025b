using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Tests.Infrastructure;
using Json.Schema;
using Xunit;

namespace Gateway.Tests.Contracts.Schemas;

/// <summary>The schemas of the checked-in file, stricter than they stand there: a member that none of them has is a mistake.</summary>
internal static class FrameSchemas
{
    private static readonly JsonObject s_definitions = Read();
    private static readonly ConcurrentDictionary<string, JsonSchema> s_built = new();

    /// <summary>The names of all.</summary>
    public static IEnumerable<string> Names => s_definitions.Select(definition => definition.Key);

    /// <summary>Fails unless a message fits the schema with a name.</summary>
    public static void AssertFits(string name, JsonElement message)
    {
        var mistakes = Mistakes(name, message);
        Assert.True(mistakes.Count == 0, $"{message.GetRawText()}\nis no {name}: {string.Join("; ", mistakes)}");
    }

    /// <summary>Why a message does not fit; empty when it does.</summary>
    public static IReadOnlyList<string> Mistakes(string name, JsonElement message)
    {
        var results = s_built.GetOrAdd(name, Build).Evaluate(message, new EvaluationOptions { OutputFormat = OutputFormat.List });
        return results.IsValid
            ? []
            : [.. (results.Details ?? []).SelectMany(detail => (detail.Errors ?? new Dictionary<string, string>()).Select(error => $"{detail.InstanceLocation} {error.Value}")).Distinct().DefaultIfEmpty("it does not fit")];
    }

    private static JsonSchema Build(string name)
    {
        Assert.True(s_definitions.ContainsKey(name), $"There is no schema '{name}'.");
        var document = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["definitions"] = s_definitions.DeepClone(),
            ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = $"#/definitions/{name}" }),
        };
        return JsonSchema.Build(JsonSerializer.SerializeToElement(document), new BuildOptions { SchemaRegistry = new SchemaRegistry() });
    }

    private static JsonObject Read()
    {
        var file = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "Gateway.Contracts", "schemas.json")))!;
        var definitions = file["definitions"]!.DeepClone().AsObject();
        Close(definitions);
        return definitions;
    }

    private static void Close(JsonNode? node)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items) Close(item);
        }

        if (node is not JsonObject schema) return;
        foreach (var (_, inner) in schema.ToList()) Close(inner);
        if (schema["properties"] is JsonObject && schema["type"] is JsonValue type && type.GetValue<string>() == "object") schema["additionalProperties"] = false;
    }
}
