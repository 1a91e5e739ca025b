using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.Client;

/// <summary>A list that a test can wait on.</summary>
internal sealed class Journal<T>
{
    private readonly Lock _gate = new();
    private readonly List<T> _entries = [];
    private readonly List<(Func<IReadOnlyList<T>, bool> Met, TaskCompletionSource Signal)> _waiting = [];

    public IReadOnlyList<T> Entries
    {
        get
        {
            lock (_gate) return [.. _entries];
        }
    }

    public void Add(T entry)
    {
        lock (_gate)
        {
            _entries.Add(entry);
            foreach (var (_, signal) in _waiting.Where(w => w.Met(_entries)).ToList()) signal.TrySetResult();
            _waiting.RemoveAll(w => w.Signal.Task.IsCompleted);
        }
    }

    public Task UntilAsync(Func<IReadOnlyList<T>, bool> met, string missing)
    {
        var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (met(_entries)) return Task.CompletedTask;
            _waiting.Add((met, signal));
        }

        return Wait.For(signal.Task, missing);
    }
}
