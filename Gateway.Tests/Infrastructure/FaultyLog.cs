using System.Collections.Concurrent;
using Gateway.Engine;
using Gateway.Log;
using Gateway.Log.Memory;
using Gateway.Tests.Engine.OwnKinds;

namespace Gateway.Tests.Infrastructure;

/// <summary>A log that fails, or waits, when a test says so; in memory unless it is given another.</summary>
internal sealed class FaultyLog(ISessionLog? inner = null) : DelegatingSessionLog(inner ?? new MemorySessionLog())
{
    private readonly ConcurrentDictionary<string, (string Reason, TaskCompletionSource Failed)> _broken = new();
    private volatile Task _gate = Task.CompletedTask;

    /// <summary>What every method throws while it is set.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Commits the appends that it says it could not.</summary>
    public bool CommitsAllTheSame { get; set; }

    /// <summary>Cannot tell which sessions are unfinished.</summary>
    public bool CannotList { get; set; }

    /// <summary>The unfinished sessions are listed once it completes.</summary>
    public Task ListGate { get; set; } = Task.CompletedTask;

    /// <summary>How many events each append brought.</summary>
    public ConcurrentQueue<int> Appends { get; } = [];

    /// <summary>Sessions whose logs cannot be read.</summary>
    public HashSet<string> Damaged { get; } = [];

    public override string? LastError => _broken.Values.Select(fault => fault.Reason).FirstOrDefault();

    protected override ISessionLog Target => Fault is null ? base.Target : throw Fault;

    /// <summary>The appends of a session fail from now on.</summary>
    public void Break(string sessionId, string reason = "the disk is full") => _broken[sessionId] = (reason, new(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>Completes with the first append that fails for a broken session.</summary>
    public Task Failed(string sessionId) => _broken[sessionId].Failed.Task;

    public void Mend(string sessionId) => _broken.TryRemove(sessionId, out _);

    /// <summary>Runs before each append.</summary>
    public Func<Task> BeforeAppend { get; set; } = () => Task.CompletedTask;

    /// <summary>Appends wait until the gate completes.</summary>
    public void HoldAppends(Task gate) => _gate = gate;

    public override async Task AppendAsync(string sessionId, long lastSeq, IReadOnlyList<LoggedEvent> events, SessionStanding standing, CancellationToken cancellationToken)
    {
        await _gate;
        await BeforeAppend();
        Appends.Enqueue(events.Count);
        var fails = _broken.TryGetValue(sessionId, out var fault);
        if (!fails || CommitsAllTheSame) await base.AppendAsync(sessionId, lastSeq, events, standing, cancellationToken);
        if (!fails) return;
        fault.Failed.TrySetResult();
        throw new StorageException(fault.Reason);
    }

    /// <summary>Runs when events have been read, before the reader gets them.</summary>
    public Func<Task> AfterRead { get; set; } = () => Task.CompletedTask;

    public override async Task<IReadOnlyList<LoggedEvent>> ReadAsync(string sessionId, long afterSeq, ReadLimit limit, CancellationToken cancellationToken)
    {
        if (Damaged.Contains(sessionId)) throw new DamagedLogException("a row is damaged");
        var events = await base.ReadAsync(sessionId, afterSeq, limit, cancellationToken);
        await AfterRead();
        return events;
    }

    /// <summary>What a process does to a session that it recovers, or starts, when it ends at once afterwards.</summary>
    public async Task InterruptAsync(string sessionId)
    {
        var entry = (await FindAsync(sessionId, CancellationToken.None))!;
        var state = await LogFold.LoadAsync(Inner, entry.Header, TestKinds.All, CancellationToken.None);
        var batch = new EventBatch(state, entry.UpdatedAt);
        Scheduler.Decide(batch, new EngineInput.Recover());
        await Inner.AppendAsync(sessionId, batch.LastSeqBefore, batch.Events, state.Status, CancellationToken.None);
    }

    public override async Task<IReadOnlyList<string>> ListUnfinishedAsync(CancellationToken cancellationToken)
    {
        await ListGate.WaitAsync(cancellationToken);
        return CannotList ? throw new StorageException("The list cannot be read.") : await base.ListUnfinishedAsync(cancellationToken);
    }

    public override Task<bool> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult(_broken.IsEmpty);
}
