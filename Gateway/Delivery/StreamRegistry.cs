using System.Collections.Concurrent;
using System.Net.Sockets;
using Gateway.Delivery.Wires;

namespace Gateway.Delivery;

/// <summary>All streams of Server-Sent Events over HTTP.</summary>
public sealed class StreamRegistry(DeliveryClock clock)
{
    private readonly ConcurrentDictionary<StreamWatch, bool> _streams = [];

    /// <summary>What has been sent on them.</summary>
    public WireTraffic Traffic { get; } = new("sse");

    /// <summary>The streams at this moment.</summary>
    public ICollection<StreamWatch> Snapshot() => _streams.Keys;

    /// <summary>Watches a stream from now on.</summary>
    /// <param name="sessionId">The session it sends.</param>
    /// <param name="afterSeq">The event after which it begins.</param>
    /// <param name="socket">The socket under it; null where that is not known.</param>
    /// <param name="abort">Drops it.</param>
    public StreamWatch Add(string sessionId, long afterSeq, Socket? socket, Action abort)
    {
        var watch = new StreamWatch(sessionId, afterSeq, socket, clock, Traffic, abort);
        _streams[watch] = true;
        Traffic.Connected(1);
        return watch;
    }

    /// <summary>Forgets a stream whose request is about to end.</summary>
    public void Remove(StreamWatch watch)
    {
        watch.End();
        if (_streams.TryRemove(watch, out _)) Traffic.Connected(-1);
    }
}
