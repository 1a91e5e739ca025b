using System.Text.Json;

namespace Gateway.Contracts;

/// <summary>Writes and reads a session event as JSON: in the log, and as a frame on <c>/ws</c>.</summary>
public static class EventSerializer
{
    /// <summary>Writes an event as one UTF-8 JSON object.</summary>
    public static byte[] Serialize(SessionEvent sessionEvent) =>
        JsonSerializer.SerializeToUtf8Bytes(sessionEvent, SessionEvents.KindOf(sessionEvent).JsonType);

    /// <summary>Writes an event as one JSON object to <paramref name="writer"/>.</summary>
    public static void Serialize(Utf8JsonWriter writer, SessionEvent sessionEvent) =>
        JsonSerializer.Serialize(writer, sessionEvent, SessionEvents.KindOf(sessionEvent).JsonType);

    /// <summary>Reads an event.</summary>
    /// <returns>The event, or null when its name is none this version knows.</returns>
    /// <exception cref="JsonException">The bytes are not JSON, or not of the shape the event's name demands.</exception>
    public static SessionEvent? Deserialize(ReadOnlySpan<byte> json) =>
        ReadKind(json) is { } kind ? (SessionEvent?)JsonSerializer.Deserialize(json, kind.JsonType) : null;

    /// <summary>Reads of which kind an event is.</summary>
    /// <remarks>Fast where the name comes first, as in everything that is written here: then the payload is not read.</remarks>
    /// <returns>The kind, or null when its name is none this version knows.</returns>
    /// <exception cref="JsonException">The bytes are not JSON as far as they were read.</exception>
    public static EventKind? ReadKind(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("An event is a JSON object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isName = reader.ValueTextEquals("event"u8);
            reader.Read();
            if (isName) return reader.TokenType == JsonTokenType.String ? Find(in reader) : null;
            reader.Skip();
        }

        return null;
    }

    private static EventKind? Find(ref readonly Utf8JsonReader reader)
    {
        try
        {
            if (SessionEvents.Find(in reader) is { } kind) return kind;

            // A name that no row has may be damaged, and reading it as text is what shows that.
            reader.GetString();
            return null;
        }
        catch (InvalidOperationException exception)
        {
            // The reader throws this for bytes that are not UTF-8, and for half a surrogate pair.
            throw new JsonException("The event's name is not UTF-8.", exception);
        }
    }
}
