using System.Buffers;
using Gateway.Contracts;
using Gateway.Delivery.Wires;
using Gateway.Log;

namespace Gateway.Tests.Delivery.OwnStream;

/// <summary>A wire of lines, an event's JSON in each; a blank one says nothing.</summary>
internal sealed class LinesWire(WireTraffic traffic) : Wire(traffic)
{
    public override ReadOnlyMemory<byte> Comment { get; } = "\n"u8.ToArray();

    public override void Write(LoggedEvent logged, IBufferWriter<byte> output)
    {
        // The JSON has no line break: it escapes those inside its strings.
        output.Write(logged.Json);
        output.Write("\n"u8);
    }

    public override void WriteRefusal(SessionEvent<ExecutionError> refusal, IBufferWriter<byte> output)
    {
        output.Write(SessionRefusal.ToJson(refusal));
        output.Write("\n"u8);
    }
}
