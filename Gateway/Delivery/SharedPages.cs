using System.Runtime.InteropServices;

namespace Gateway.Delivery;

/// <summary>Pages of logs that somebody holds or reads at the moment, for whoever is at the same place.</summary>
/// <remarks>
/// A page is at least one event, however large, and a slow reader holds its page as long as it likes: together they hold it
/// once. Nothing is kept for its own sake. What was read once stays right, since a log only grows at its end.
/// </remarks>
internal sealed class SharedPages
{
    private const int FirstSweep = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<PageKey, Entry> _entries = [];
    private int _sweepAt = FirstSweep;

    /// <summary>The page, or the reading of it that is under way; null when there is neither.</summary>
    public Task<LogPage>? Find(PageKey key)
    {
        lock (_gate) return _entries.TryGetValue(key, out var entry) ? entry.Find() : null;
    }

    /// <summary>Reads a page; who asks meanwhile gets the same one.</summary>
    public async Task<LogPage> LoadAsync(PageKey key, Func<PageKey, Task<LogPage>> read)
    {
        // Those who wait go on elsewhere: they take their turns at their own sockets.
        var loading = new TaskCompletionSource<LogPage>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_entries.Count >= _sweepAt) SweepLocked();
            _entries[key] = new Entry(loading.Task);
        }

        var page = default(LogPage) with { Next = key.Next, Failed = true };
        try
        {
            page = await read(key);
        }
        finally
        {
            lock (_gate)
            {
                if (page.Frames.IsEmpty) _entries.Remove(key);
                else _entries[key] = new Entry(page);
            }

            loading.SetResult(page);
        }

        return page;
    }

    private void SweepLocked()
    {
        foreach (var (key, entry) in _entries.ToList())
        {
            if (entry.Find() is null) _entries.Remove(key);
        }

        _sweepAt = Math.Max(FirstSweep, 2 * _entries.Count);
    }

    private sealed class Entry
    {
        private readonly Task<LogPage>? _loading;
        private readonly WeakReference<byte[]>? _buffer;
        private readonly int _offset;
        private readonly int _length;
        private readonly long _next;

        public Entry(Task<LogPage> loading) => _loading = loading;

        public Entry(LogPage page)
        {
            MemoryMarshal.TryGetArray(page.Frames, out var frames);
            _buffer = new WeakReference<byte[]>(frames.Array!);
            (_offset, _length, _next) = (frames.Offset, frames.Count, page.Next);
        }

        public Task<LogPage>? Find()
        {
            if (_loading is not null) return _loading;
            return _buffer!.TryGetTarget(out var buffer) ? Task.FromResult(new LogPage(buffer.AsMemory(_offset, _length), _next)) : null;
        }
    }
}
