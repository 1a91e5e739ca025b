using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.Engine;

/// <summary>Texts as JSON.</summary>
internal static class JsonParts
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A text.</summary>
    public static JsonElement Text(string text) => Write(json => json.WriteStringValue(text));

    /// <summary>A list of texts.</summary>
    public static JsonElement List(IEnumerable<string> texts) => Write(json =>
    {
        json.WriteStartArray();
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    });

    /// <summary>Whatever is written.</summary>
    public static JsonElement Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, s_options)) write(json);
        return JsonElement.Parse(buffer.WrittenSpan);
    }
}
