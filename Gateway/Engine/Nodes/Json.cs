using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.Engine.Nodes;

/// <summary>Writes the results of nodes.</summary>
internal static class Json
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An object of these members; those that are null are left out.</summary>
    public static JsonElement Of(params ReadOnlySpan<(string Name, object? Value)> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            foreach (var (name, value) in members)
            {
                if (value is null) continue;
                json.WritePropertyName(name);
                Write(json, value);
            }

            json.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case string text: json.WriteStringValue(text); break;
            case bool truth: json.WriteBooleanValue(truth); break;
            case int number: json.WriteNumberValue(number); break;
            case decimal number: json.WriteNumberValue(number); break;
            case JsonElement element: element.WriteTo(json); break;
            case IEnumerable<JsonElement> list:
                json.WriteStartArray();
                foreach (var item in list) item.WriteTo(json);
                json.WriteEndArray();
                break;
            default: throw new ArgumentException($"{value.GetType().Name} is not written as JSON here.", nameof(value));
        }
    }
}
