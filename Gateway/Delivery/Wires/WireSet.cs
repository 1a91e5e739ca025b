using System.Collections.Concurrent;

namespace Gateway.Delivery.Wires;

/// <summary>The kinds of connections there are: <c>/ws</c>, and one a hub protocol.</summary>
public sealed class WireSet
{
    private readonly ConcurrentDictionary<string, Wire> _hub = new(StringComparer.Ordinal);

    /// <summary>The wire of <c>/ws</c>.</summary>
    public Wire Raw { get; } = new RawWire();

    /// <summary>All wires used so far.</summary>
    public IEnumerable<Wire> All => _hub.Values.Prepend(Raw);

    /// <summary>The wire of a hub protocol, made when it is asked for first.</summary>
    public Wire GetOrAdd<TState>(string name, Func<string, TState, Wire> make, TState state) => _hub.GetOrAdd(name, make, state);
}
