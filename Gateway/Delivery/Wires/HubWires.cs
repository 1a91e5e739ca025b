using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Gateway.Delivery.Wires;

/// <summary>One wire a hub protocol.</summary>
public sealed class HubWires
{
    private readonly ConcurrentDictionary<string, Wire> _wires = new(StringComparer.Ordinal);

    /// <summary>The wire of a connection's protocol.</summary>
    public Wire For(IHubProtocol protocol) =>
        _wires.GetOrAdd(protocol.Name, static (name, p) => name == "json" ? HubJsonWire.Instance : new HubWire(p), protocol);
}
