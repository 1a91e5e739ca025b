using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text.Json;
using Json.Schema;

namespace Gateway.Workflows;

/// <summary>A JSON Schema that an agent's answer or the input of a start must fit.</summary>
/// <remarks>
/// It comes from anybody. So what leads elsewhere or back is refused, as is what takes more time than the schema and the answer are long:
/// references, patterns, and items that are all compared with each other.
/// </remarks>
internal sealed class OutputSchema
{
    private const int MaxShown = 5;
    private const int MaxLength = 64 * 1024;
    private const int MaxDigits = 28;

    // With a sign, a point and an exponent.
    private const int MaxNumberLength = MaxDigits + 6;

    private static readonly string[] Refused = ["$ref", "$dynamicRef", "$recursiveRef", "$id", "$anchor", "$dynamicAnchor", "$schema", "$vocabulary", "pattern", "patternProperties", "propertyNames", "uniqueItems"];

    // What stands in these is data, or has names of the author's own.
    private static readonly string[] Data = ["const", "enum", "default", "examples"];
    private static readonly string[] Named = ["properties", "$defs", "definitions", "dependentSchemas"];

    // Every value may be held against every part of the schema, and the library keeps what each of them says.
    private const long MaxEvaluations = 5_000_000;

    private readonly JsonSchema _schema;
    private readonly long _parts;

    private OutputSchema(JsonSchema schema, long parts) => (_schema, _parts) = (schema, parts);

    /// <summary>Reads a schema; or tells what is wrong with it, as a sentence.</summary>
    public static (OutputSchema? Schema, string? Problem) Read(JsonElement json)
    {
        if (json.GetRawText().Length > MaxLength) return (null, $"The schema has more than {MaxLength} characters; make it simpler.");
        if (FindOddNumber(json, "") is { } odd) return (null, $"A number of a schema has at most {MaxDigits} digits, and an exponent of at most {MaxDigits}: {odd}.");
        if (FindRefused(json) is { } refused) return (null, $"'{refused}' is not supported in a schema here; say it with other keywords.");
        try
        {
            // A registry of its own: the library's keeps every schema that it has seen.
            return (new OutputSchema(JsonSchema.Build(json, new BuildOptions { SchemaRegistry = new SchemaRegistry() }), Count(json)), null);
        }
        catch (Exception exception) when (exception is JsonSchemaException or ArgumentException or InvalidOperationException or FormatException or JsonException or OverflowException)
        {
            return (null, $"Not a JSON Schema: {exception.Message.TrimEnd('.')}.");
        }
    }

    /// <summary>Why a value does not fit, as a sentence; null when it does.</summary>
    public string? Refuse(JsonElement value) => Refuse(value, MaxShown);

    /// <summary>Why a value does not fit, as a sentence with so many reasons at most; null when it does.</summary>
    public string? Refuse(JsonElement value, int most)
    {
        if (_parts * Count(value) > MaxEvaluations) return "the whole: too large to be checked against this schema";
        if (FindOddNumber(value, "") is { } odd) return $"{odd}: a number has at most {MaxDigits} digits, and an exponent of at most {MaxDigits}";
        var results = _schema.Evaluate(value, new EvaluationOptions { OutputFormat = OutputFormat.List });
        if (results.IsValid) return null;
        var reasons = (results.Details ?? [])
            .SelectMany(detail => (detail.Errors ?? new Dictionary<string, string>()).Select(error => $"{(detail.InstanceLocation.ToString() is { Length: > 0 } path ? path : "the whole")}: {Naming.Show(error.Value)}"))
            .Distinct()
            .ToList();
        var shown = string.Join("; ", reasons.Take(most));
        return reasons.Count <= most ? shown : $"{shown}; and {reasons.Count - most} more";
    }

    // The library calculates with decimals, and with the digits of an exponent: one of a few bytes can take a stack or an hour.
    private static string? FindOddNumber(JsonElement value, string path)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                return IsPlain(value) ? null : path.Length > 0 ? path : "the whole";
            case JsonValueKind.Array:
                return value.EnumerateArray().Select((item, index) => FindOddNumber(item, $"{path}/{index}")).FirstOrDefault(found => found is not null);
            case JsonValueKind.Object:
                return value.EnumerateObject().Select(member => FindOddNumber(member.Value, $"{path}/{Naming.Show(member.Name)}")).FirstOrDefault(found => found is not null);
            default:
                return null;
        }
    }

    private static bool IsPlain(JsonElement number)
    {
        var text = JsonMarshal.GetRawUtf8Value(number);
        if (text.Length > MaxNumberLength || !number.TryGetDecimal(out _)) return false;
        var exponent = text.IndexOfAny((byte)'e', (byte)'E');
        return exponent < 0 || (Utf8Parser.TryParse(text[(text[exponent + 1] == '+' ? exponent + 2 : exponent + 1)..], out int value, out _) && Math.Abs((long)value) <= MaxDigits);
    }

    private static long Count(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => 1 + value.EnumerateArray().Sum(Count),
        JsonValueKind.Object => 1 + value.EnumerateObject().Sum(member => Count(member.Value)),
        _ => 1,
    };

    private static string? FindRefused(JsonElement schema)
    {
        switch (schema.ValueKind)
        {
            case JsonValueKind.Array:
                return schema.EnumerateArray().Select(FindRefused).FirstOrDefault(found => found is not null);
            case JsonValueKind.Object:
                foreach (var member in schema.EnumerateObject())
                {
                    if (Refused.Contains(member.Name)) return member.Name;
                    if (Data.Contains(member.Name)) continue;
                    var inner = Named.Contains(member.Name) && member.Value.ValueKind == JsonValueKind.Object
                        ? member.Value.EnumerateObject().Select(named => FindRefused(named.Value)).FirstOrDefault(found => found is not null)
                        : FindRefused(member.Value);
                    if (inner is not null) return inner;
                }

                return null;
            default:
                return null;
        }
    }
}
