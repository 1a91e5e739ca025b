using System.Runtime.InteropServices;
using System.Text.Json;

namespace Gateway.Engine;

/// <summary>What JSON from users and models may be to be kept in a log.</summary>
internal static class JsonLimits
{
    // An event is read with the serializer's own limit of 64 levels, and the value stands a few levels deep in it.
    private const int MaxDepth = 48;

    /// <summary>The depth in words.</summary>
    public static string Words => $"more than {MaxDepth} levels deep";

    /// <summary>Whether it is nested so deeply that an event with it could not be read back.</summary>
    public static bool IsTooDeep(JsonElement json)
    {
        if (json.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)) return false;
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(json), new JsonReaderOptions { MaxDepth = 1000 });
        while (reader.Read())
        {
            if (reader.CurrentDepth >= MaxDepth) return true;
        }

        return false;
    }

    /// <summary>Reads a text as JSON that is not nested too deeply; null when it is none.</summary>
    public static JsonElement? TryParse(string text)
    {
        try
        {
            return JsonElement.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>How long it is written, in bytes; 0 of nothing.</summary>
    public static int SizeOf(JsonElement? json) => json is { } value ? JsonMarshal.GetRawUtf8Value(value).Length : 0;
}
