using System.Collections.Concurrent;

namespace Gateway.Delivery.Wires;

/// <summary>The kinds of connections there are, by their names in metrics; each door adds its own.</summary>
internal sealed class WireRegistry
{
    private readonly ConcurrentDictionary<string, WireTraffic> _traffic = new(StringComparer.Ordinal);

    /// <summary>What has been sent, per wire.</summary>
    public IEnumerable<WireTraffic> Traffic => _traffic.Values;

    /// <summary>The traffic that is counted under a name; a wire that comes in two forms counts both as one.</summary>
    public WireTraffic TrafficOf(string name) => _traffic.GetOrAdd(name, static name => new WireTraffic(name));
}
