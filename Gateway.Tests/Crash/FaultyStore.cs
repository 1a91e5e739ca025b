using System.Collections.Concurrent;
using Gateway.Contracts;
using Gateway.Log;

namespace Gateway.Tests.Crash;

/// <summary>A store whose appends fail for some sessions, with a reason, as long as a test says so.</summary>
internal sealed class FaultyStore(ISessionLog inner) : ISessionLog, ILogHistory, ILogHealth
{
    private readonly ConcurrentDictionary<string, string> _faults = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _failed = new();

    /// <summary>Commits what it says it could not.</summary>
    public bool CommitsAllTheSame { get; set; }

    /// <summary>Cannot tell which sessions are unfinished.</summary>
    public bool CannotList { get; set; }

    public string? LastError => _faults.Values.FirstOrDefault();

    /// <summary>Lets the appends of a session fail from now on.</summary>
    /// <returns>Completes with the first append that has failed.</returns>
    public Task Break(string sessionId, string reason)
    {
        var failed = _failed[sessionId] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _faults[sessionId] = reason;
        return failed.Task;
    }

    public void Mend(string sessionId) => _faults.TryRemove(sessionId, out _);

    public async Task AppendAsync(string sessionId, long lastSeq, IReadOnlyList<SessionEvent> events, string status, CancellationToken cancellationToken)
    {
        var fails = _faults.TryGetValue(sessionId, out var reason);
        if (!fails || CommitsAllTheSame) await inner.AppendAsync(sessionId, lastSeq, events, status, cancellationToken);
        if (!fails) return;
        _failed[sessionId].TrySetResult();
        throw new StorageException(reason!);
    }

    public Task<bool> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult(_faults.IsEmpty);

    public Task<SessionHeader?> CreateAsync(SessionHeader header, CancellationToken cancellationToken) => inner.CreateAsync(header, cancellationToken);

    public Task<IReadOnlyList<LoggedEvent>> ReadAsync(string sessionId, long afterSeq, ReadLimit limit, CancellationToken cancellationToken) => inner.ReadAsync(sessionId, afterSeq, limit, cancellationToken);

    public Task<SessionEntry?> FindAsync(string sessionId, CancellationToken cancellationToken) => inner.FindAsync(sessionId, cancellationToken);

    public Task<SessionPage> ListAsync(SessionQuery query, CancellationToken cancellationToken) => inner.ListAsync(query, cancellationToken);

    public Task<IReadOnlyList<string>> ListUnfinishedAsync(CancellationToken cancellationToken) =>
        CannotList ? throw new StorageException("The list cannot be read.") : inner.ListUnfinishedAsync(cancellationToken);

    public Task<bool> MendAsync(string sessionId, string? status, CancellationToken cancellationToken) => inner.MendAsync(sessionId, status, cancellationToken);

    public Task<bool> DeleteAsync(string sessionId, CancellationToken cancellationToken) => inner.DeleteAsync(sessionId, cancellationToken);

    public Task<IReadOnlyList<string>> DeleteFinishedAsync(DateTime? olderThan, int? keepNewest, int limit, CancellationToken cancellationToken) => ((ILogHistory)inner).DeleteFinishedAsync(olderThan, keepNewest, limit, cancellationToken);

    public Task<int> CompactAsync(int limit, CancellationToken cancellationToken) => ((ILogHistory)inner).CompactAsync(limit, cancellationToken);
}
