namespace Gateway.Delivery;

/// <summary>All client connections, for what concerns them all: heartbeats, metrics, the end.</summary>
internal sealed class ConnectionRegistry
{
    private readonly Lock _gate = new();
    private readonly List<FrameSender> _senders = [];

    /// <summary>Number of connections.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _senders.Count;
        }
    }

    /// <summary>The connections at this moment.</summary>
    public IReadOnlyList<FrameSender> Snapshot()
    {
        lock (_gate) return [.. _senders];
    }

    /// <summary>Adds a new connection.</summary>
    public void Add(FrameSender sender)
    {
        lock (_gate)
        {
            sender.RegistryIndex = _senders.Count;
            _senders.Add(sender);
        }
    }

    /// <summary>Removes a connection; a second call does nothing.</summary>
    public void Remove(FrameSender sender)
    {
        lock (_gate)
        {
            var index = sender.RegistryIndex;
            if (index < 0) return;
            sender.RegistryIndex = -1;
            var last = _senders[^1];
            _senders.RemoveAt(_senders.Count - 1);
            if (last == sender) return;
            _senders[index] = last;
            last.RegistryIndex = index;
        }
    }
}
