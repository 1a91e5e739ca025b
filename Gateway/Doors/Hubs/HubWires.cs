using System.Collections.Concurrent;
using System.Net.WebSockets;
using Gateway.Delivery.Wires;
using Gateway.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Gateway.Doors.Hubs;

/// <summary>The wires of the hub: two for each of SignalR's protocols, made when the first connection speaks it.</summary>
internal sealed class HubWires(WireRegistry wires)
{
    private readonly ConcurrentDictionary<string, (Wire Bare, Wire Framed)> _wires = new(StringComparer.Ordinal);

    /// <summary>For connections that SignalR itself writes to: the messages as they are.</summary>
    public Wire Bare(IHubProtocol protocol) => Of(protocol).Bare;

    /// <summary>For WebSockets that are written to directly: each message in a frame.</summary>
    public Wire Framed(IHubProtocol protocol) => Of(protocol).Framed;

    private (Wire Bare, Wire Framed) Of(IHubProtocol protocol) => _wires.GetOrAdd(protocol.Name, static (name, made) => Create(name, made.protocol, made.wires), (protocol, wires));

    private static (Wire Bare, Wire Framed) Create(string name, IHubProtocol protocol, WireRegistry wires)
    {
        var traffic = wires.TrafficOf("hub-" + name);
        Wire bare = name == "json" ? new HubJsonWire(traffic) : new HubWire(traffic, protocol);
        return (bare, new WebSocketWire(bare, protocol.TransferFormat == TransferFormat.Text ? WebSocketMessageType.Text : WebSocketMessageType.Binary));
    }
}
