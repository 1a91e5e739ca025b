using Gateway.Log.Sqlite.Operations;

namespace Gateway.Log.Sqlite;

/// <summary>Writes that wait for the writer's thread, in order.</summary>
/// <remarks>Bounded: when it is full, whoever wants to write waits for room, asynchronously.</remarks>
internal sealed class WriteQueue(int capacity) : IDisposable
{
    private readonly object _gate = new();
    private readonly SemaphoreSlim _room = new(capacity);
    private readonly List<WriteOperation> _waiting = [];
    private bool _wanted;
    private bool _closed;

    /// <summary>Whether nothing waits to be taken, at this moment.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate) return _waiting.Count == 0;
        }
    }

    /// <summary>Adds a write; false when the queue is full, or closed.</summary>
    public bool TryAdd(WriteOperation operation)
    {
        if (!_room.Wait(0)) return false;
        lock (_gate)
        {
            if (!_closed)
            {
                _waiting.Add(operation);
                return true;
            }
        }

        _room.Release();
        return false;
    }

    /// <summary>Adds a write; waits while the queue is full.</summary>
    /// <exception cref="StorageException">The log is closed.</exception>
    public async ValueTask AddAsync(WriteOperation operation, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);
        lock (_gate)
        {
            if (_closed)
            {
                // Passed on, so that everyone who waits for room learns it too.
                _room.Release();
                throw new StorageException("The session log is closed.");
            }

            _waiting.Add(operation);
        }
    }

    /// <summary>Wakes the writer's thread.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _wanted = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Moves everything that waits to <paramref name="group"/>.</summary>
    /// <param name="group">An empty list.</param>
    /// <param name="wait">Whether to wait until <see cref="Wake"/> is called for a write; the writer's thread only.</param>
    /// <returns>False when the queue is closed and empty.</returns>
    public bool Take(List<WriteOperation> group, bool wait)
    {
        lock (_gate)
        {
            while (wait && !_wanted && !_closed) Monitor.Wait(_gate);
            _wanted = false;
            if (_waiting.Count == 0) return !_closed;
            group.AddRange(_waiting);
            _waiting.Clear();
        }

        _room.Release(group.Count);
        return true;
    }

    /// <summary>Takes no more writes; those that wait are still handed out.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (_closed) return;
            _closed = true;
            Monitor.PulseAll(_gate);
        }

        _room.Release();
    }

    public void Dispose() => _room.Dispose();
}
