using Gateway.Contracts;
using Gateway.Log;
using Gateway.Log.Memory;

namespace Gateway.Tests.Shutdown;

/// <summary>A log that holds up the append of a pause until a test lets it go: a drain that can be looked at.</summary>
internal sealed class GatedPauseLog : ISessionLog
{
    private readonly MemorySessionLog _inner = new();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public MemorySessionLog Inner => _inner;

    /// <summary>Completes when a pause is about to be appended.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Lets it go.</summary>
    public void Release() => _gate.TrySetResult();

    public async Task AppendAsync(string sessionId, long lastSeq, IReadOnlyList<SessionEvent> events, string status, CancellationToken cancellationToken)
    {
        if (events.Any(e => e is SessionEvent<ExecutionPaused>))
        {
            _reached.TrySetResult();
            await _gate.Task;
        }

        await _inner.AppendAsync(sessionId, lastSeq, events, status, cancellationToken);
    }

    public Task<SessionHeader?> CreateAsync(SessionHeader header, CancellationToken cancellationToken) => _inner.CreateAsync(header, cancellationToken);

    public Task<IReadOnlyList<LoggedEvent>> ReadAsync(string sessionId, long afterSeq, ReadLimit limit, CancellationToken cancellationToken) => _inner.ReadAsync(sessionId, afterSeq, limit, cancellationToken);

    public Task<SessionEntry?> FindAsync(string sessionId, CancellationToken cancellationToken) => _inner.FindAsync(sessionId, cancellationToken);

    public Task<SessionPage> ListAsync(SessionQuery query, CancellationToken cancellationToken) => _inner.ListAsync(query, cancellationToken);

    public Task<IReadOnlyList<string>> ListUnfinishedAsync(CancellationToken cancellationToken) => _inner.ListUnfinishedAsync(cancellationToken);

    public Task<bool> MendAsync(string sessionId, string? status, CancellationToken cancellationToken) => _inner.MendAsync(sessionId, status, cancellationToken);

    public Task<bool> DeleteAsync(string sessionId, CancellationToken cancellationToken) => _inner.DeleteAsync(sessionId, cancellationToken);
}
