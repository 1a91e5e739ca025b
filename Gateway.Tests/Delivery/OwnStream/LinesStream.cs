using Gateway.Delivery.Wires;
using Gateway.Doors.Http;

namespace Gateway.Tests.Delivery.OwnStream;

/// <summary>A form of the event stream that the gateway does not have: this class, its wire and a registration are all of it.</summary>
internal sealed class LinesStream(WireRegistry wires) : EventStream(Type, new LinesWire(wires.TrafficOf("lines")))
{
    /// <summary>A media type that no form of the gateway will ever have.</summary>
    public const string Type = "application/vnd.gateway.test-lines";

    public override string Description => "Each event is a line; a blank one comes every 15 seconds.";

    public override string Example => "{\"event\":\"token_stream\"}\n";
}
