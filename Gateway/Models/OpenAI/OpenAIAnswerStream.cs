using System.Text.Json;
using Gateway.Models.Network;

namespace Gateway.Models.OpenAI;

/// <summary>Finds an error in the events that an OpenAI-compatible server streams, or the lack of an end.</summary>
/// <remarks>An answer is whole that has a finish reason or the mark <c>[DONE]</c>: servers exist that leave out either.</remarks>
internal sealed class OpenAIAnswerStream(Stream inner) : AnswerStream(inner, CancellationToken.None)
{
    private bool _hasData;
    private bool _isWhole;

    protected override Exception? OnLine(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("data:"u8)) return null;

        var data = line["data:"u8.Length..].TrimStart((byte)' ');
        _hasData = true;
        _isWhole |= data.SequenceEqual("[DONE]"u8) || HasFinishReason(data);
        return data.IndexOf("\"error\""u8) < 0 ? null : Error(data);
    }

    // Without a single event it is a page of HTML or a JSON document, of which the client makes its own error.
    protected override Exception? OnEnd() =>
        _isWhole || !_hasData ? null : new EndOfStreamException("The answer ended without its last event.");

    // Before the library reads the line: it knows no finish_reason "error", which may stand in the same event.
    private static ProviderStreamException? Error(ReadOnlySpan<byte> data)
    {
        try
        {
            return ProviderSentence.InAnswer(JsonElement.Parse(data));
        }
        catch (JsonException)
        {
            // The library reads the line next and says so.
            return null;
        }
    }

    private static bool HasFinishReason(ReadOnlySpan<byte> data)
    {
        var at = data.IndexOf("\"finish_reason\""u8);
        if (at < 0) return false;
        var value = data[(at + "\"finish_reason\""u8.Length)..].TrimStart(" :"u8);
        return value.Length > 0 && value[0] == '"';
    }
}
