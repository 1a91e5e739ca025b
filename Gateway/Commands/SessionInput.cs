using System.Runtime.InteropServices;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Refusals;

namespace Gateway.Commands;

/// <summary>The input of <c>start_session</c> as the text that agents read.</summary>
internal static class SessionInput
{
    /// <summary>A string as it is; an object as its subject, or as one <c>name: value</c> line a member.</summary>
    /// <exception cref="GatewayException"><c>invalid_data</c>: neither a string nor an object.</exception>
    public static string ToText(JsonElement? input, string? subject)
    {
        if (input is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } value) return subject ?? string.Empty;

        // Over the hub with MessagePack, no door has looked at the text yet.
        JsonText.Check(JsonMarshal.GetRawUtf8Value(value), "input");
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Object => InputText.Lines(value),
            _ => throw new GatewayException(ErrorCode.InvalidData, "'input' is a string or an object."),
        };
    }
}
