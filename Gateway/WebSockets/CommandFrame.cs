using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gateway.Commands;
using Gateway.Contracts;

namespace Gateway.WebSockets;

/// <summary>A command as it arrives on <c>/ws</c>: <c>{"cmd":"...","id":"...","data":{...}}</c>.</summary>
internal readonly record struct CommandFrame(string Command, string? Id, JsonElement Data)
{
    private const int MaxDepth = 64;
    private const int MaxIdLength = 128;

    /// <summary>Reads a frame.</summary>
    /// <exception cref="CommandFrameException">It is not of that form; says what could be read of it.</exception>
    public static CommandFrame Parse(ReadOnlyMemory<byte> message)
    {
        JsonElement root;
        try
        {
            using var document = JsonDocument.Parse(message, new JsonDocumentOptions { MaxDepth = MaxDepth });
            root = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw Refused(ErrorCode.InvalidFrame, $"The frame is not JSON, or nested more than {MaxDepth} deep.");
        }

        if (root.ValueKind != JsonValueKind.Object) throw Refused(ErrorCode.InvalidFrame, "A frame is a JSON object: {\"cmd\":\"...\",\"data\":{...}}.");
        var id = ReadId(root);
        if (!root.TryGetProperty("cmd", out var cmd)) throw Refused(ErrorCode.MissingCommand, "The frame has no 'cmd'.", id);
        if (cmd.ValueKind != JsonValueKind.String) throw Refused(ErrorCode.MissingCommand, "'cmd' is not a string.", id);
        var command = ReadString(cmd) ?? throw Refused(ErrorCode.InvalidFrame, "'cmd' is not valid text.", id);

        root.TryGetProperty("data", out var data);
        if (data.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.Object))
        {
            throw Refused(ErrorCode.InvalidData, "'data' is not an object.", id, command);
        }

        return new CommandFrame(command, id, data);
    }

    /// <summary>The data as a record; an empty one when it was left out.</summary>
    /// <exception cref="GatewayException"><c>invalid_data</c>, naming the member.</exception>
    public T ReadData<T>(JsonTypeInfo<T> type)
        where T : class, new()
    {
        if (Data.ValueKind != JsonValueKind.Object) return new T();
        try
        {
            return Data.Deserialize(type) ?? new T();
        }
        catch (JsonException exception)
        {
            var member = exception.Path is { Length: > 2 } path ? path[2..] : "data";
            throw new GatewayException(ErrorCode.InvalidData, $"'{member}' has the wrong shape for '{Command}'.");
        }
        catch (InvalidOperationException)
        {
            throw new GatewayException(ErrorCode.InvalidData, $"The data of '{Command}' holds text that is not valid Unicode.");
        }
    }

    private static string? ReadId(JsonElement root)
    {
        if (!root.TryGetProperty("id", out var id) || id.ValueKind == JsonValueKind.Null) return null;
        return id.ValueKind == JsonValueKind.String && ReadString(id) is { Length: <= MaxIdLength } text
            ? text
            : throw Refused(ErrorCode.InvalidFrame, $"'id' is a string of at most {MaxIdLength} characters.");
    }

    private static string? ReadString(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair: JSON, but no text.
            return null;
        }
    }

    private static CommandFrameException Refused(string code, string message, string? id = null, string? command = null) =>
        new(new GatewayException(code, message), id, command);
}
