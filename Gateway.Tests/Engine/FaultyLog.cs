using Gateway.Contracts;
using Gateway.Log;
using Gateway.Log.Memory;

namespace Gateway.Tests.Engine;

/// <summary>A log in memory that fails, or waits, when a test says so.</summary>
internal sealed class FaultyLog : ISessionLog
{
    private readonly MemorySessionLog _inner = new();
    private volatile Task _gate = Task.CompletedTask;

    public MemorySessionLog Inner => _inner;

    /// <summary>Sessions whose appends fail.</summary>
    public HashSet<string> Failing { get; } = [];

    /// <summary>Commits what it says it could not.</summary>
    public bool CommitsAllTheSame { get; set; }

    /// <summary>Sessions whose logs cannot be read.</summary>
    public HashSet<string> Damaged { get; } = [];

    /// <summary>Appends wait until the gate completes.</summary>
    public void HoldAppends(Task gate) => _gate = gate;

    public Task<SessionHeader?> CreateAsync(SessionHeader header, CancellationToken cancellationToken) => _inner.CreateAsync(header, cancellationToken);

    public async Task AppendAsync(string sessionId, long lastSeq, IReadOnlyList<SessionEvent> events, string status, CancellationToken cancellationToken)
    {
        await _gate;
        bool fails;
        lock (Failing) fails = Failing.Contains(sessionId);
        if (!fails || CommitsAllTheSame) await _inner.AppendAsync(sessionId, lastSeq, events, status, cancellationToken);
        if (fails) throw new StorageException("the disk is full");
    }

    public Task<IReadOnlyList<LoggedEvent>> ReadAsync(string sessionId, long afterSeq, ReadLimit limit, CancellationToken cancellationToken) =>
        Damaged.Contains(sessionId) ? throw new DamagedLogException("a row is damaged") : _inner.ReadAsync(sessionId, afterSeq, limit, cancellationToken);

    public Task<SessionEntry?> FindAsync(string sessionId, CancellationToken cancellationToken) => _inner.FindAsync(sessionId, cancellationToken);

    public Task<SessionPage> ListAsync(SessionQuery query, CancellationToken cancellationToken) => _inner.ListAsync(query, cancellationToken);

    public Task<IReadOnlyList<string>> ListUnfinishedAsync(CancellationToken cancellationToken) => _inner.ListUnfinishedAsync(cancellationToken);

    public Task<bool> MendAsync(string sessionId, string? status, CancellationToken cancellationToken) => _inner.MendAsync(sessionId, status, cancellationToken);

    public Task<bool> DeleteAsync(string sessionId, CancellationToken cancellationToken) => _inner.DeleteAsync(sessionId, cancellationToken);

    public void SetFailing(string sessionId, bool failing)
    {
        lock (Failing)
        {
            if (failing) Failing.Add(sessionId);
            else Failing.Remove(sessionId);
        }
    }
}
