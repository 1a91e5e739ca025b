using System.Runtime.InteropServices;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Refusals;

namespace Gateway.Doors.WebSockets;

/// <summary>A command as it arrives on <c>/ws</c>: <c>{"cmd":"...","id":"...","data":{...}}</c>.</summary>
internal readonly record struct CommandFrame(string Command, string? Id, JsonElement Data)
{
    private const int MaxIdLength = 128;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads a frame.</summary>
    /// <exception cref="CommandFrameException">It is not of that form; says what could be read of it.</exception>
    public static CommandFrame Parse(ReadOnlyMemory<byte> message)
    {
        // As over HTTP: some libraries put it in front of all text they write.
        if (message.Span.StartsWith(ByteOrderMark)) message = message[ByteOrderMark.Length..];
        try
        {
            JsonText.Check(message.Span, "frame", ErrorCode.InvalidFrame);
        }
        catch (GatewayException refusal)
        {
            throw refusal.Code == ErrorCode.InvalidFrame ? new CommandFrameException(refusal, null, null) : HalfCharacter(message, refusal);
        }

        using var document = JsonDocument.Parse(message);
        var root = document.RootElement.Clone();
        if (root.ValueKind != JsonValueKind.Object) throw Refused(ErrorCode.InvalidFrame, "A frame is a JSON object: {\"cmd\":\"...\",\"data\":{...}}.");
        var id = ReadId(root);
        if (!root.TryGetProperty("cmd", out var cmd)) throw Refused(ErrorCode.MissingCommand, "The frame has no 'cmd'.", id);
        if (cmd.ValueKind != JsonValueKind.String) throw Refused(ErrorCode.MissingCommand, "'cmd' is not a string.", id);
        var command = cmd.GetString()!;

        root.TryGetProperty("data", out var data);
        if (data.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.Object))
        {
            throw Refused(ErrorCode.InvalidData, "'data' is not an object.", id, command);
        }

        return new CommandFrame(command, id, data);
    }

    /// <summary>The data as JSON text; an empty object when it was left out.</summary>
    public ReadOnlySpan<byte> DataText => Data.ValueKind == JsonValueKind.Object ? JsonMarshal.GetRawUtf8Value(Data) : "{}"u8;

    /// <summary>The id and the command, as far as they stand before the data in the beginning of a frame that was not read.</summary>
    public static (string? Id, string? Command) PeekBeginning(ReadOnlySpan<byte> beginning)
    {
        string? id = null;
        string? command = null;
        var reader = new Utf8JsonReader(beginning.StartsWith(ByteOrderMark) ? beginning[ByteOrderMark.Length..] : beginning, isFinalBlock: false, default);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return default;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (isId, isCommand) = (reader.ValueTextEquals("id"u8), reader.ValueTextEquals("cmd"u8));
                if (!reader.Read()) break;
                if (reader.TokenType == JsonTokenType.String && (isId || isCommand) && reader.GetString() is { Length: <= MaxIdLength } text)
                {
                    if (isId) id = text;
                    else command = text;
                }
                else if (!reader.TrySkip())
                {
                    break;
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or half a character; what has been found is told.
        }

        return (id, command);
    }

    private static string? ReadId(JsonElement root)
    {
        if (!root.TryGetProperty("id", out var id) || id.ValueKind == JsonValueKind.Null) return null;
        return id.ValueKind == JsonValueKind.String && id.GetString() is { Length: <= MaxIdLength } text
            ? text
            : throw Refused(ErrorCode.InvalidFrame, $"'id' is a string of at most {MaxIdLength} characters.");
    }

    private static CommandFrameException HalfCharacter(ReadOnlyMemory<byte> message, GatewayException refusal)
    {
        using var document = JsonDocument.Parse(message);
        return new CommandFrameException(refusal, Peek(document.RootElement, "id"), Peek(document.RootElement, "cmd"));
    }

    // A frame whose strings are not all text may still have a readable id and command, for the answer to name.
    private static string? Peek(JsonElement root, string name)
    {
        try
        {
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: <= MaxIdLength } text ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static CommandFrameException Refused(string code, string message, string? id = null, string? command = null) =>
        new(new GatewayException(code, message), id, command);
}
