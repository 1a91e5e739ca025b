using System.Text.Json;
using System.Text.Unicode;
using Gateway.Contracts;

namespace Gateway.Refusals;

/// <summary>Checks JSON text before it is read as something.</summary>
/// <remarks>So that whatever is wrong afterwards is the shape, and no broken text reaches code that expects good text.</remarks>
internal static class JsonText
{
    /// <summary>The deepest nesting that is read.</summary>
    public const int MaxDepth = 64;

    /// <summary>Checks text that came as <paramref name="what"/>.</summary>
    /// <exception cref="GatewayException">
    /// <paramref name="malformed"/>: not UTF-8, not JSON or nested too deeply. <c>invalid_data</c>: a string with half a character.
    /// </exception>
    public static void Check(ReadOnlySpan<byte> utf8, string what, string malformed = ErrorCode.InvalidData)
    {
        if (!Utf8.IsValid(utf8)) throw new GatewayException(malformed, $"The {what} is not valid UTF-8.");

        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth + 1 });
        var isText = true;
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject or JsonTokenType.StartArray when reader.CurrentDepth >= MaxDepth:
                        throw new GatewayException(malformed, $"The {what} is nested more than {MaxDepth} levels deep.");
                    case JsonTokenType.String or JsonTokenType.PropertyName when reader.ValueIsEscaped:
                        isText &= IsText(ref reader);
                        break;
                }
            }
        }
        catch (JsonException exception)
        {
            throw new GatewayException(malformed, $"The {what} is not valid JSON: {Reason(exception)} (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}).");
        }

        // Last, so that what is not JSON at all is called that.
        if (!isText) throw new GatewayException(ErrorCode.InvalidData, $"The {what} holds a \\u escape that is half a character; write both halves, or the character itself.");
    }

    private static bool IsText(ref Utf8JsonReader reader)
    {
        try
        {
            // An escaped lone surrogate is JSON but no text; it would throw wherever it is read first.
            reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string Reason(JsonException exception)
    {
        var end = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? exception.Message : exception.Message[..end]).TrimEnd('.');
    }
}
