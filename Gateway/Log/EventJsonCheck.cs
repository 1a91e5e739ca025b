using System.Text.Json;
using System.Text.Unicode;
using Gateway.Contracts;

namespace Gateway.Log;

/// <summary>Checks that stored bytes are the JSON of an event, before they go out as they are.</summary>
/// <remarks>It passes over the bytes once and makes no object of them. A payload that does not fit the event's name is found by whoever reads the payload.</remarks>
internal static class EventJsonCheck
{
    /// <summary>What is wrong with the JSON of event <paramref name="seq"/>, as a sentence; null when nothing is.</summary>
    public static string? Find(ReadOnlySpan<byte> json, long seq)
    {
        if (!Utf8.IsValid(json)) return $"Event {seq} cannot be read: it is not UTF-8.";
        try
        {
            return Read(json, seq);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The reader throws InvalidOperationException for an escape that is half a character.
            return $"Event {seq} cannot be read: {exception.Message}";
        }
    }

    private static string? Read(ReadOnlySpan<byte> json, long seq)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) return $"Event {seq} cannot be read: An event is a JSON object.";

        var (isNamed, isKnown, isTimed, isNumbered, hasData) = (false, false, false, false, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("event"u8))
            {
                reader.Read();
                isNamed = reader.TokenType == JsonTokenType.String;
                isKnown = isNamed && SessionEvents.Find(in reader) is not null;
            }
            else if (reader.ValueTextEquals("timestamp"u8))
            {
                reader.Read();
                isTimed = reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out _);
            }
            else if (reader.ValueTextEquals("seq"u8))
            {
                reader.Read();
                isNumbered = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) && number == seq;
            }
            else if (reader.ValueTextEquals("data"u8))
            {
                reader.Read();
                hasData = reader.TokenType == JsonTokenType.StartObject;
                reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }

        // Nothing may follow the object: the reader throws when something does.
        reader.Read();
        if (!isNamed) return $"Event {seq} cannot be read: it has no name.";
        if (!isKnown) return $"Event {seq} is of a type this version does not know.";
        if (!isTimed) return $"Event {seq} cannot be read: it has no valid timestamp.";
        if (!isNumbered) return $"Event {seq} cannot be read: it has another seq.";
        return hasData ? null : $"Event {seq} cannot be read: it has no data.";
    }
}
