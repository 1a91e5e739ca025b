using System.Buffers;
using System.Text;
using Gateway.Contracts;
using Gateway.Delivery.Wires;
using Gateway.Log;

namespace Gateway.Doors.Hubs;

/// <summary>The hub's JSON protocol: a call around the very bytes that <c>/ws</c> sends.</summary>
/// <remarks>A test compares it with what SignalR's own protocol writes.</remarks>
internal sealed class HubJsonWire(WireTraffic traffic) : Wire(traffic)
{
    /// <inheritdoc/>
    public override void Write(LoggedEvent logged, IBufferWriter<byte> output)
    {
        output.Write("{\"type\":1,\"target\":\""u8);
        Encoding.UTF8.GetBytes(SessionEvents.KindOf(logged.Event).HubMethod, output);
        output.Write("\",\"arguments\":["u8);
        output.Write(logged.Json);
        output.Write("]}\u001e"u8);
    }
}
