using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using Gateway.Contracts;
using Gateway.Delivery.Wires;
using Gateway.Log;

namespace Gateway.Doors.Hubs;

/// <summary>The hub's JSON protocol: an invocation around the very bytes of the <c>/ws</c> frame.</summary>
/// <remarks>A test compares it with what SignalR's own protocol writes.</remarks>
public sealed class HubJsonWire : Wire
{
    /// <summary>Creates the wire.</summary>
    public HubJsonWire()
        : base("hub-json")
    {
    }

    /// <inheritdoc/>
    public override WebSocketMessageType MessageType => WebSocketMessageType.Text;

    /// <inheritdoc/>
    public override void Encode(LoggedEvent logged, IBufferWriter<byte> output)
    {
        output.Write("{\"type\":1,\"target\":\""u8);
        Encoding.UTF8.GetBytes(SessionEvents.KindOf(logged.Event).HubMethod, output);
        output.Write("\",\"arguments\":["u8);
        output.Write(logged.Json);
        output.Write("]}\u001e"u8);
    }
}
