namespace Gateway.Delivery.Wires;

/// <summary>What has been sent on one kind of connection; added to from many threads.</summary>
internal sealed class WireTraffic(string name)
{
    private long _events;
    private long _bytes;
    private long _writes;
    private long _connections;

    /// <summary>The wire's name in metrics.</summary>
    public string Name { get; } = name;

    /// <summary>Events sent so far.</summary>
    public long Events => Volatile.Read(ref _events);

    /// <summary>Bytes of events sent so far.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Writes of events so far; each takes one or more.</summary>
    public long Writes => Volatile.Read(ref _writes);

    /// <summary>Connections now.</summary>
    public long Connections => Volatile.Read(ref _connections);

    /// <summary>Counts a write.</summary>
    public void Sent(long events, int bytes)
    {
        Interlocked.Add(ref _events, events);
        Interlocked.Add(ref _bytes, bytes);
        Interlocked.Increment(ref _writes);
    }

    /// <summary>Counts a connection that came (1) or went (-1).</summary>
    public void Connected(int change) => Interlocked.Add(ref _connections, change);
}
