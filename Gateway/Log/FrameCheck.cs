using System.Text.Json;
using System.Text.Unicode;
using Gateway.Contracts;

namespace Gateway.Log;

/// <summary>Checks that stored bytes are the frame of an event, before they go out as they are.</summary>
/// <remarks>Makes no object of it: one pass over the bytes. Whether the payload fits the event's name is found by who reads it.</remarks>
internal static class FrameCheck
{
    /// <summary>What is wrong with the frame of event <paramref name="seq"/>, as a sentence; null when nothing is.</summary>
    public static string? Find(ReadOnlySpan<byte> frame, long seq)
    {
        if (!Utf8.IsValid(frame)) return $"Event {seq} cannot be read: it is not UTF-8.";
        try
        {
            return Read(frame, seq);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException is the reader's word for an escape that is half a character.
            return $"Event {seq} cannot be read: {exception.Message}";
        }
    }

    private static string? Read(ReadOnlySpan<byte> frame, long seq)
    {
        var reader = new Utf8JsonReader(frame);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) return $"Event {seq} cannot be read: An event is a JSON object.";

        var (isNamed, isKnown, isTimed, isNumbered, hasData) = (false, false, false, false, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("event"u8))
            {
                reader.Read();
                isNamed = reader.TokenType == JsonTokenType.String;
                isKnown = isNamed && IsKnown(ref reader);
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

        // Nothing may follow; the reader throws when something does.
        reader.Read();
        if (!isNamed) return $"Event {seq} cannot be read: it has no name.";
        if (!isKnown) return $"Event {seq} is of a type this version does not know.";
        if (!isTimed) return $"Event {seq} cannot be read: its timestamp is none.";
        if (!isNumbered) return $"Event {seq} cannot be read: it has another seq.";
        return hasData ? null : $"Event {seq} cannot be read: it has no data.";
    }

    private static bool IsKnown(ref Utf8JsonReader name) =>
        name.ValueTextEquals(EventNames.TokenStream)
        || name.ValueTextEquals(EventNames.NodeStateChange)
        || name.ValueTextEquals(EventNames.ParallelStart)
        || name.ValueTextEquals(EventNames.TokenUsage)
        || name.ValueTextEquals(EventNames.ExecutionPaused)
        || name.ValueTextEquals(EventNames.ExecutionCompleted)
        || name.ValueTextEquals(EventNames.Error);
}
