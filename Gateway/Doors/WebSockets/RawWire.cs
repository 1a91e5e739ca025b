using System.Buffers;
using System.Net.WebSockets;
using Gateway.Contracts;
using Gateway.Delivery.Wires;
using Gateway.Log;
using Gateway.Transport;

namespace Gateway.Doors.WebSockets;

/// <summary>The wire of <c>/ws</c>: the JSON of an event, one a WebSocket text message.</summary>
internal sealed class RawWire(WireRegistry wires) : WebSocketWire(new EventJson(wires.TrafficOf("ws")), WebSocketMessageType.Text)
{
    private sealed class EventJson(WireTraffic traffic) : Wire(traffic)
    {
        public override void Write(LoggedEvent logged, IBufferWriter<byte> output) => output.Write(logged.Json);

        public override void WriteRefusal(SessionEvent<ExecutionError> refusal, IBufferWriter<byte> output) => output.Write(SessionRefusal.ToJson(refusal));
    }
}
