using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Gateway.Contracts;

/// <summary>Writes and reads the JSON frame of a session event.</summary>
public static class EventSerializer
{
    /// <summary>Writes an event as one UTF-8 JSON frame.</summary>
    public static byte[] Serialize(SessionEvent sessionEvent) =>
        JsonSerializer.SerializeToUtf8Bytes(sessionEvent, TypeOf(sessionEvent));

    /// <summary>Writes an event as one UTF-8 JSON frame to <paramref name="writer"/>.</summary>
    public static void Serialize(Utf8JsonWriter writer, SessionEvent sessionEvent) =>
        JsonSerializer.Serialize(writer, sessionEvent, TypeOf(sessionEvent));

    /// <summary>Reads a frame.</summary>
    /// <returns>The event, or null when its name is none this version knows.</returns>
    /// <exception cref="JsonException">The frame is not JSON, or not of the shape its name demands.</exception>
    public static SessionEvent? Deserialize(ReadOnlySpan<byte> frame)
    {
        var type = TypeOf(ReadName(frame));
        return type is null ? null : (SessionEvent?)JsonSerializer.Deserialize(frame, type);
    }

    private static JsonTypeInfo TypeOf(SessionEvent sessionEvent) =>
        TypeOf(sessionEvent.Event) ?? throw new ArgumentException($"'{sessionEvent.Event}' is not an event of a session.", nameof(sessionEvent));

    private static JsonTypeInfo? TypeOf(string? name) => name switch
    {
        EventNames.TokenStream => ContractsJson.Wire.SessionEventTokenStream,
        EventNames.NodeStateChange => ContractsJson.Wire.SessionEventNodeStateChange,
        EventNames.ParallelStart => ContractsJson.Wire.SessionEventParallelStart,
        EventNames.TokenUsage => ContractsJson.Wire.SessionEventTokenUsage,
        EventNames.ExecutionPaused => ContractsJson.Wire.SessionEventExecutionPaused,
        EventNames.ExecutionCompleted => ContractsJson.Wire.SessionEventExecutionCompleted,
        EventNames.Error => ContractsJson.Wire.SessionEventExecutionError,
        _ => null,
    };

    private static string? ReadName(ReadOnlySpan<byte> frame)
    {
        var reader = new Utf8JsonReader(frame);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("An event is a JSON object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isName = reader.ValueTextEquals("event"u8);
            reader.Read();
            if (isName) return reader.TokenType == JsonTokenType.String ? ReadText(ref reader) : null;
            reader.Skip();
        }

        return null;
    }

    private static string? ReadText(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException exception)
        {
            // The reader's word for bytes that are not UTF-8, and for half a surrogate pair.
            throw new JsonException("The event's name is not UTF-8.", exception);
        }
    }
}
