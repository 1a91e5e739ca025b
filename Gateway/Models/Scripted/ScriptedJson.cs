using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Models.Scripted;

/// <summary>Writes JSON that fits a schema: ballots by the stance of the agent, scores that rise from round to round, sentences where text is asked for.</summary>
/// <param name="request">What was asked.</param>
/// <param name="random">Chooses where the schema leaves a choice.</param>
/// <param name="writer">Writes the sentences.</param>
/// <param name="isCall">Whether it writes what a tool is given: a text is then what was asked about, and what may be left out is.</param>
internal sealed class ScriptedJson(ScriptedRequest request, ScriptedRandom random, ScriptedWriter writer, bool isCall = false)
{
    private const int MaxDepth = 16;
    private const int FirstScore = 62;
    private const int Rise = 10;

    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private string[]? _sentences;
    private int _next;

    /// <summary>The JSON.</summary>
    /// <param name="schema">The schema; null: an object with a text.</param>
    public string Answer(JsonElement? schema) => (schema is { } given ? Value(string.Empty, given, 0) : new JsonObject { ["text"] = Sentence() })?.ToJsonString(Options) ?? "null";

    private JsonNode? Value(string name, JsonElement schema, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > MaxDepth) return Sentence();
        if (schema.TryGetProperty("const", out var only)) return JsonNode.Parse(only.GetRawText());
        if (schema.TryGetProperty("enum", out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0) return Choice(list);
        foreach (var ways in new[] { "oneOf", "anyOf", "allOf" })
        {
            if (schema.TryGetProperty(ways, out var parts) && parts.ValueKind == JsonValueKind.Array && parts.GetArrayLength() > 0) return Value(name, parts[0], depth + 1);
        }

        return TypeOf(schema) switch
        {
            "object" => Members(schema, depth),
            "array" => Items(name, schema, depth),
            "integer" => JsonValue.Create((long)Math.Round(Number(name, schema))),
            "number" => JsonValue.Create(Math.Round(Number(name, schema), 1)),
            "boolean" => JsonValue.Create(request.Stance is not Stance.Against),
            "null" => null,
            _ => Text(name, schema),
        };
    }

    private static string? TypeOf(JsonElement schema)
    {
        if (schema.TryGetProperty("type", out var type))
        {
            if (type.ValueKind == JsonValueKind.String) return type.GetString();
            if (type.ValueKind == JsonValueKind.Array && type.GetArrayLength() > 0) return type[0].GetString();
        }

        return schema.TryGetProperty("properties", out _) ? "object" : schema.TryGetProperty("items", out _) ? "array" : null;
    }

    private JsonNode? Choice(JsonElement list)
    {
        // A ballot follows from what the agent is there for.
        var wanted = request.Stance switch { Stance.For => "yes", Stance.Against => "no", _ => null };
        foreach (var item in list.EnumerateArray())
        {
            if (wanted is not null && item.ValueKind == JsonValueKind.String && item.ValueEquals(wanted)) return JsonValue.Create(wanted);
        }

        return JsonNode.Parse(list[random.Next(Math.Min(2, list.GetArrayLength()))].GetRawText());
    }

    private JsonObject Members(JsonElement schema, int depth)
    {
        var value = new JsonObject();
        if (!schema.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object) return value;
        var required = schema.TryGetProperty("required", out var names) && names.ValueKind == JsonValueKind.Array ? names.EnumerateArray().Select(name => name.GetString()).ToHashSet() : [];
        foreach (var property in properties.EnumerateObject().Where(property => !isCall || required.Contains(property.Name))) value[property.Name] = Value(property.Name, property.Value, depth + 1);
        return value;
    }

    private JsonArray Items(string name, JsonElement schema, int depth)
    {
        var value = new JsonArray();
        if (!schema.TryGetProperty("items", out var items)) return value;
        var count = Math.Max(Whole(schema, "minItems") ?? 0, Math.Min(2, Whole(schema, "maxItems") ?? 2));
        for (var i = 0; i < Math.Min(count, 100); i++) value.Add(Value(name, items, depth + 1));
        return value;
    }

    // The more often something has been judged, the better it is: a loop that waits for a score shows each of its rounds.
    private double Number(string name, JsonElement schema)
    {
        var least = Real(schema, "minimum") ?? (Real(schema, "exclusiveMinimum") + 1) ?? 0;
        var most = Real(schema, "maximum") ?? (Real(schema, "exclusiveMaximum") - 1) ?? Math.Max(100, least);
        var scale = (most - least) / 100;
        var before = request.LastNumber(name);
        var value = before is { } last ? last + (Rise + random.Next(8)) * scale : least + (FirstScore + random.Next(10)) * scale;
        return Math.Clamp(value, least, most);
    }

    private JsonValue Text(string name, JsonElement schema)
    {
        if (schema.TryGetProperty("default", out var usual) && usual.ValueKind == JsonValueKind.String) return JsonValue.Create(usual.GetString())!;
        var text = isCall ? ScriptedCalls.Word(name, request) : Sentence();
        while (Whole(schema, "minLength") is { } least && text.Length < Math.Min(least, 10_000)) text += " " + Sentence();
        return JsonValue.Create(Whole(schema, "maxLength") is { } most && text.Length > most ? text[..Math.Max(0, most)] : text)!;
    }

    private string Sentence()
    {
        _sentences ??= writer.Answer().Split(["\n\n", ". ", "。"], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return _sentences.Length == 0 ? "..." : _sentences[_next++ % _sentences.Length];
    }

    private static int? Whole(JsonElement schema, string key) => schema.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    private static double? Real(JsonElement schema, string key) => schema.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? number : null;
}
