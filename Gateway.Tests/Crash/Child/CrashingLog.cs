using Gateway.Contracts;
using Gateway.Log;

namespace Gateway.Tests.Crash.Child;

/// <summary>The gateway's own log, which kills the process at one of its calls.</summary>
internal sealed class CrashingLog(ISessionLog inner, CrashPoint? point) : ISessionLog, ILogHistory, ILogHealth, IAsyncDisposable
{
    private int _count;

    public string? LastError => ((ILogHealth)inner).LastError;

    public Task<SessionHeader?> CreateAsync(SessionHeader header, CancellationToken cancellationToken) =>
        CallAsync([CrashKind.Create], () => inner.CreateAsync(header, cancellationToken));

    public Task AppendAsync(string sessionId, long lastSeq, IReadOnlyList<SessionEvent> events, string status, CancellationToken cancellationToken) =>
        CallAsync(events.Select(CrashKind.Of).Append(CrashKind.Append), async () =>
        {
            await inner.AppendAsync(sessionId, lastSeq, events, status, cancellationToken);
            return true;
        });

    public Task<IReadOnlyList<LoggedEvent>> ReadAsync(string sessionId, long afterSeq, ReadLimit limit, CancellationToken cancellationToken) =>
        CallAsync([CrashKind.Read], () => inner.ReadAsync(sessionId, afterSeq, limit, cancellationToken));

    public Task<SessionEntry?> FindAsync(string sessionId, CancellationToken cancellationToken) =>
        CallAsync([CrashKind.Find], () => inner.FindAsync(sessionId, cancellationToken));

    public Task<IReadOnlyList<string>> ListUnfinishedAsync(CancellationToken cancellationToken) =>
        CallAsync([CrashKind.ListUnfinished], () => inner.ListUnfinishedAsync(cancellationToken));

    public Task<SessionPage> ListAsync(SessionQuery query, CancellationToken cancellationToken) => inner.ListAsync(query, cancellationToken);

    public Task<bool> MendAsync(string sessionId, string? status, CancellationToken cancellationToken) => inner.MendAsync(sessionId, status, cancellationToken);

    public Task<bool> DeleteAsync(string sessionId, CancellationToken cancellationToken) => inner.DeleteAsync(sessionId, cancellationToken);

    public Task<IReadOnlyList<string>> DeleteFinishedAsync(DateTime? olderThan, int? keepNewest, int limit, CancellationToken cancellationToken) =>
        ((ILogHistory)inner).DeleteFinishedAsync(olderThan, keepNewest, limit, cancellationToken);

    public Task<int> CompactAsync(int limit, CancellationToken cancellationToken) => ((ILogHistory)inner).CompactAsync(limit, cancellationToken);

    public Task<bool> ProbeAsync(CancellationToken cancellationToken) => ((ILogHealth)inner).ProbeAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner is IAsyncDisposable disposable ? disposable.DisposeAsync() : ValueTask.CompletedTask;

    private async Task<TResult> CallAsync<TResult>(IEnumerable<string> kinds, Func<Task<TResult>> call)
    {
        if (point is null || !kinds.Contains(point.Kind) || Interlocked.Increment(ref _count) != point.Occurrence) return await call();

        if (point.Moment == CrashMoment.Before) throw SelfKill.Now();
        var result = call();
        if (point.Moment == CrashMoment.After) await result;
        throw SelfKill.Now();
    }
}
