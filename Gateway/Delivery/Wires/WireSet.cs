using System.Collections.Concurrent;
using Gateway.Doors.Hubs;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Gateway.Delivery.Wires;

/// <summary>The kinds of connections there are: <c>/ws</c>, and one a hub protocol.</summary>
public sealed class WireSet
{
    private readonly ConcurrentDictionary<string, Wire> _hub = new(StringComparer.Ordinal);

    /// <summary>The wire of <c>/ws</c>.</summary>
    public Wire Raw { get; } = new RawWire();

    /// <summary>All wires used so far.</summary>
    public IEnumerable<Wire> All => _hub.Values.Prepend(Raw);

    /// <summary>The wire of a hub connection's protocol.</summary>
    public Wire ForHub(IHubProtocol protocol) =>
        _hub.GetOrAdd(protocol.Name, static (name, p) => name == "json" ? new HubJsonWire() : new HubWire(p), protocol);
}
