using System.Text.Json;
using Gateway.Models.Network;

namespace Gateway.Models.Ollama;

/// <summary>Finds an error, or the lack of an end, in the lines of JSON that Ollama streams.</summary>
internal sealed class OllamaAnswerStream(Stream inner, CancellationToken asked) : AnswerStream(inner, asked)
{
    private bool _isDone;

    protected override Exception? OnLine(ReadOnlySpan<byte> line)
    {
        // A piece of text is not parsed here; only what may be an error or the end is.
        if (line.IndexOf("\"error\""u8) < 0 && line.IndexOf("\"done\""u8) < 0) return null;

        try
        {
            var json = JsonElement.Parse(line);
            if (json.ValueKind != JsonValueKind.Object) return null;
            _isDone |= json.TryGetProperty("done", out var done) && done.ValueKind == JsonValueKind.True;
            return ProviderSentence.InAnswer(json);
        }
        catch (JsonException)
        {
            // The library reads the line next and says so.
            return null;
        }
    }

    protected override Exception? OnEnd() =>
        _isDone ? null : new EndOfStreamException("The answer ended without its last line.");
}
