using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Delivery.Wires;
using Gateway.Log;

namespace Gateway.Doors.Http;

/// <summary>The wire of Server-Sent Events: a block of <c>id</c>, <c>event</c> and <c>data</c> for each event.</summary>
internal sealed class SseWire(WireTraffic traffic) : Wire(traffic)
{
    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Comment { get; } = Encoding.ASCII.GetBytes(": still here\n\n");

    /// <inheritdoc/>
    public override void Write(LoggedEvent logged, IBufferWriter<byte> output)
    {
        output.Write("id: "u8);
        Utf8Formatter.TryFormat(logged.Seq, output.GetSpan(20), out var digits);
        output.Advance(digits);
        if (NameIn(logged.Json) is { IsEmpty: false } name)
        {
            output.Write("\nevent: "u8);
            output.Write(name);
        }

        // The JSON has no line break: it escapes those inside its strings.
        output.Write("\ndata: "u8);
        output.Write(logged.Json);
        output.Write("\n\n"u8);
    }

    /// <inheritdoc/>
    public override void WriteRefusal(SessionEvent<ExecutionError> refusal, IBufferWriter<byte> output)
    {
        // Without an id: a client that comes back asks for what follows the last event of the session.
        output.Write("event: error\ndata: "u8);
        output.Write(SessionRefusal.ToJson(refusal));
        output.Write("\n\n"u8);
    }

    // The name comes first in an event's JSON, so this reads a few bytes and not the payload.
    private static ReadOnlySpan<byte> NameIn(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
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
