using System.Text.Json;
using System.Text.Unicode;
using Gateway.Commands;
using Gateway.Contracts;

namespace Gateway.Http;

/// <summary>Checks JSON text before it is read as something.</summary>
/// <remarks>So that whatever is wrong afterwards is the shape, and no broken text reaches code that expects good text.</remarks>
internal static class JsonText
{
    /// <summary>The deepest nesting that is read.</summary>
    public const int MaxDepth = 64;

    /// <exception cref="GatewayException"><c>invalid_data</c>: not UTF-8, not JSON, nested too deeply, or a string with half a character.</exception>
    public static void Check(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8)) throw Refuse("The body is not valid UTF-8.");

        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth + 1 });
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject or JsonTokenType.StartArray when reader.CurrentDepth >= MaxDepth:
                        throw Refuse($"The body is nested more than {MaxDepth} levels deep.");
                    case JsonTokenType.String or JsonTokenType.PropertyName when reader.ValueIsEscaped:
                        // An escaped lone surrogate is JSON but no text; it would throw wherever it is read first.
                        reader.GetString();
                        break;
                }
            }
        }
        catch (JsonException exception)
        {
            throw Refuse($"The body is not valid JSON: {Reason(exception)} (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}).");
        }
        catch (InvalidOperationException)
        {
            throw Refuse("The body holds a \\u escape that is half a character; write both halves, or the character itself.");
        }
    }

    private static string Reason(JsonException exception)
    {
        var end = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? exception.Message : exception.Message[..end]).TrimEnd('.');
    }

    private static GatewayException Refuse(string sentence) => new(ErrorCode.InvalidData, sentence);
}
