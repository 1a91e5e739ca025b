using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Workflows;
using Json.Schema;

namespace Gateway.Tests.Workflows;

/// <summary>What an editor does: reads YAML or JSON without knowing workflows, and holds it against the schema.</summary>
internal static class Schemas
{
    private static readonly JsonSchema s_schema = JsonSchema.Build(JsonElement.Parse(new WorkflowSchema(TestKinds.BuiltIn.Shapes).Json.Span), new BuildOptions { SchemaRegistry = new SchemaRegistry() });

    /// <summary>Whether the schema has nothing against it.</summary>
    public static bool Takes(JsonElement json) => s_schema.Evaluate(json).IsValid;

    /// <summary>What the schema has against it.</summary>
    public static string Reasons(JsonElement json) => string.Join("; ", (s_schema.Evaluate(json, new EvaluationOptions { OutputFormat = OutputFormat.List }).Details ?? []).SelectMany(detail => detail.Errors?.Select(error => $"{detail.InstanceLocation}: {error.Value}") ?? []));

    /// <summary>The values of a file; null where it cannot be read.</summary>
    public static JsonElement? Read(string name, ReadOnlySpan<byte> content)
    {
        try
        {
            var problems = new SourceProblems(name);
            var root = Path.GetExtension(name) == ".json" ? JsonSource.Read(content, problems) : YamlSource.Read(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(content), problems);
            if (problems.All.Count > 0) return null;
            var buffer = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(buffer)) Write(json, root);
            return JsonElement.Parse(buffer.WrittenSpan);
        }
        catch (Exception exception) when (exception is SourceException or DecoderFallbackException)
        {
            return null;
        }
    }

    private static void Write(Utf8JsonWriter json, SourceNode node)
    {
        switch (node)
        {
            case SourceMapping mapping:
                json.WriteStartObject();
                foreach (var entry in mapping.Entries)
                {
                    json.WritePropertyName(entry.Key);
                    Write(json, entry.Value);
                }

                json.WriteEndObject();
                break;
            case SourceList list:
                json.WriteStartArray();
                foreach (var item in list.Items) Write(json, item);
                json.WriteEndArray();
                break;
            case SourceScalar { CanBeText: true, CanBeNumber: false } text:
                json.WriteStringValue(text.Value);
                break;
            case SourceScalar { Value: "true" or "false" } value:
                json.WriteBooleanValue(value.Value == "true");
                break;
            case SourceScalar scalar when double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number):
                json.WriteNumberValue(number);
                break;
            case SourceScalar scalar:
                json.WriteStringValue(scalar.Value);
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }
}
