using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Gateway.Workflows;

/// <summary>Turns a part of a file that the definition does not describe into JSON.</summary>
internal static class FreeJson
{
    private const int MaxPathLength = 300;
    private const int MaxPositions = 50_000;

    /// <summary>The values as JSON; a key without a value counts as left out.</summary>
    /// <param name="node">The part of the file.</param>
    /// <param name="path">Where it stands in the definition.</param>
    /// <param name="positions">Takes where each value stands in the file; null when nobody asks.</param>
    public static JsonElement Read(SourceNode node, string path, IDictionary<string, Position>? positions)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) Write(json, node, path, positions);
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, SourceNode node, string path, IDictionary<string, Position>? positions)
    {
        // Paths of what lies deep or is one of very many would take far more room than the text; there the place of the whole is told.
        if (path.Length > MaxPathLength || positions?.Count > MaxPositions) positions = null;
        switch (node)
        {
            case SourceMapping mapping:
                json.WriteStartObject();
                foreach (var entry in mapping.Entries.Where(entry => entry.Value is not (SourceNull or SourceFault)))
                {
                    var entryPath = positions is null ? path : SourcePath.Member(path, entry.Key);
                    positions?.TryAdd(entryPath, entry.At);
                    json.WritePropertyName(entry.Key);
                    Write(json, entry.Value, entryPath, positions);
                }

                json.WriteEndObject();
                break;
            case SourceList list:
                json.WriteStartArray();
                foreach (var (index, item) in list.Items.Index())
                {
                    var itemPath = positions is null ? path : $"{path}[{index}]";
                    positions?.TryAdd(itemPath, item.At);
                    Write(json, item, itemPath, positions);
                }

                json.WriteEndArray();
                break;
            case SourceScalar scalar:
                WriteScalar(json, scalar);
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }

    // A value in quotes is text. A value without quotes is a number, or true or false, if it reads as one.
    private static void WriteScalar(Utf8JsonWriter json, SourceScalar scalar)
    {
        if (scalar is { CanBeText: true, CanBeNumber: false }) json.WriteStringValue(scalar.Value);
        else if (scalar.Value is "true" or "false") json.WriteBooleanValue(scalar.Value == "true");
        else if (long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) json.WriteNumberValue(whole);
        else if (double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)) json.WriteNumberValue(number);
        else json.WriteStringValue(scalar.Value);
    }
}
