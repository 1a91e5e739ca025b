using Gateway.Delivery.Wires;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Gateway.Doors.Hubs;

/// <summary>The wires of the hub: one for each of SignalR's protocols.</summary>
public static class HubWires
{
    /// <summary>The wire of a hub connection's protocol.</summary>
    public static Wire ForHub(this WireSet wires, IHubProtocol protocol) =>
        wires.GetOrAdd(protocol.Name, static (name, p) => name == "json" ? new HubJsonWire() : new HubWire(p), protocol);
}
