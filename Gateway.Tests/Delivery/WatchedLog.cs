using Gateway.Contracts;
using Gateway.Log;

namespace Gateway.Tests.Delivery;

/// <summary>A log that counts what is read, and reads nothing as long as a test says so.</summary>
internal sealed class WatchedLog(ISessionLog inner) : ISessionLog, ILogHistory, ILogHealth
{
    private long _bytesRead;

    /// <summary>Bytes of all events read.</summary>
    public long BytesRead => Interlocked.Read(ref _bytesRead);

    /// <summary>Reads fail while it is set; those under way when it completes still do.</summary>
    public TaskCompletionSource? Outage { get; set; }

    /// <summary>Completes with the first read that meets the outage.</summary>
    public TaskCompletionSource MetOutage { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string? LastError => null;

    public async Task<IReadOnlyList<LoggedEvent>> ReadAsync(string sessionId, long afterSeq, ReadLimit limit, CancellationToken cancellationToken)
    {
        if (Outage is { } outage)
        {
            MetOutage.TrySetResult();
            await outage.Task;
            throw new StorageException("The test has switched reading off.");
        }

        var events = await inner.ReadAsync(sessionId, afterSeq, limit, cancellationToken);
        Interlocked.Add(ref _bytesRead, events.Sum(e => (long)e.Json.Length));
        return events;
    }

    public Task<SessionHeader?> CreateAsync(SessionHeader header, CancellationToken cancellationToken) => inner.CreateAsync(header, cancellationToken);

    public Task AppendAsync(string sessionId, long lastSeq, IReadOnlyList<SessionEvent> events, string status, CancellationToken cancellationToken) =>
        inner.AppendAsync(sessionId, lastSeq, events, status, cancellationToken);

    public Task<SessionEntry?> FindAsync(string sessionId, CancellationToken cancellationToken) => inner.FindAsync(sessionId, cancellationToken);

    public Task<SessionPage> ListAsync(SessionQuery query, CancellationToken cancellationToken) => inner.ListAsync(query, cancellationToken);

    public Task<IReadOnlyList<string>> ListUnfinishedAsync(CancellationToken cancellationToken) => inner.ListUnfinishedAsync(cancellationToken);

    public Task<bool> MendAsync(string sessionId, string? status, CancellationToken cancellationToken) => inner.MendAsync(sessionId, status, cancellationToken);

    public Task<bool> DeleteAsync(string sessionId, CancellationToken cancellationToken) => inner.DeleteAsync(sessionId, cancellationToken);

    public Task<IReadOnlyList<string>> DeleteFinishedAsync(DateTime? olderThan, int? keepNewest, int limit, CancellationToken cancellationToken) =>
        ((ILogHistory)inner).DeleteFinishedAsync(olderThan, keepNewest, limit, cancellationToken);

    public Task<int> CompactAsync(int limit, CancellationToken cancellationToken) => ((ILogHistory)inner).CompactAsync(limit, cancellationToken);

    public Task<bool> ProbeAsync(CancellationToken cancellationToken) => ((ILogHealth)inner).ProbeAsync(cancellationToken);
}
