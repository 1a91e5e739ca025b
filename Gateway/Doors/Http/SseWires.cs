using Gateway.Delivery.Wires;

namespace Gateway.Doors.Http;

/// <summary>The wire of a session's events as Server-Sent Events.</summary>
internal sealed class SseWires(WireRegistry wires) : ResponseWires(new SseWire(wires.TrafficOf("sse")));
