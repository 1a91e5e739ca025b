using Gateway.Contracts;
using Gateway.Log;
using Gateway.Log.Memory;

namespace Gateway.Tests.Doors.Http;

/// <summary>A log in memory that can be told to fail.</summary>
public sealed class FaultySessionLog : ISessionLog
{
    private readonly MemorySessionLog _log = new();

    /// <summary>What every method throws while it is set.</summary>
    public Exception? Fault { get; set; }

    public Task<SessionHeader?> CreateAsync(SessionHeader header, CancellationToken cancellationToken) => Works().CreateAsync(header, cancellationToken);

    public Task AppendAsync(string sessionId, long lastSeq, IReadOnlyList<SessionEvent> events, string status, CancellationToken cancellationToken) =>
        Works().AppendAsync(sessionId, lastSeq, events, status, cancellationToken);

    public Task<IReadOnlyList<LoggedEvent>> ReadAsync(string sessionId, long afterSeq, ReadLimit limit, CancellationToken cancellationToken) =>
        Works().ReadAsync(sessionId, afterSeq, limit, cancellationToken);

    public Task<SessionEntry?> FindAsync(string sessionId, CancellationToken cancellationToken) => Works().FindAsync(sessionId, cancellationToken);

    public Task<SessionPage> ListAsync(SessionQuery query, CancellationToken cancellationToken) => Works().ListAsync(query, cancellationToken);

    public Task<IReadOnlyList<string>> ListUnfinishedAsync(CancellationToken cancellationToken) => Works().ListUnfinishedAsync(cancellationToken);

    public Task<bool> MendAsync(string sessionId, string? status, CancellationToken cancellationToken) => Works().MendAsync(sessionId, status, cancellationToken);

    public Task<bool> DeleteAsync(string sessionId, CancellationToken cancellationToken) => Works().DeleteAsync(sessionId, cancellationToken);

    private MemorySessionLog Works() => Fault is null ? _log : throw Fault;
}
