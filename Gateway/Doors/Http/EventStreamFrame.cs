using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text.Json;
using Gateway.Log;

namespace Gateway.Doors.Http;

/// <summary>Writes one event of a Server-Sent Events stream.</summary>
internal static class EventStreamFrame
{
    /// <summary>Writes <c>id</c>, <c>event</c> and <c>data</c>.</summary>
    /// <returns>How many bytes it wrote.</returns>
    public static int Write(PipeWriter body, LoggedEvent logged)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(logged.Seq, digits, out var length);
        var name = Name(logged.Json);

        body.Write("id: "u8);
        body.Write(digits[..length]);
        if (!name.IsEmpty)
        {
            body.Write("\nevent: "u8);
            body.Write(name);
        }

        // A frame has no line break: JSON escapes those inside its strings.
        body.Write("\ndata: "u8);
        body.Write(logged.Json);
        body.Write("\n\n"u8);
        return length + name.Length + logged.Json.Length + "id: \nevent: \ndata: \n\n".Length;
    }

    // The name comes first in a frame, so this reads a few bytes and not the payload.
    private static ReadOnlySpan<byte> Name(ReadOnlySpan<byte> frame)
    {
        var reader = new Utf8JsonReader(frame);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isName = reader.ValueTextEquals("event"u8);
            reader.Read();
            if (isName) return reader.TokenType == JsonTokenType.String ? reader.ValueSpan : default;
            reader.Skip();
        }

        return default;
    }
}
