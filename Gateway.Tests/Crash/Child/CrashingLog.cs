using Gateway.Log;
using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.Crash.Child;

/// <summary>The gateway's own log, which kills the process at one of its calls.</summary>
internal sealed class CrashingLog(ISessionLog inner, CrashPoint? point) : DelegatingSessionLog(inner), IAsyncDisposable
{
    private int _count;

    public override Task<SessionHeader?> CreateAsync(SessionHeader header, CancellationToken cancellationToken) =>
        CallAsync([CrashKind.Create], () => base.CreateAsync(header, cancellationToken));

    public override Task AppendAsync(string sessionId, long lastSeq, IReadOnlyList<LoggedEvent> events, SessionStanding standing, CancellationToken cancellationToken) =>
        CallAsync(events.Select(e => CrashKind.Of(e.Event)).Append(CrashKind.Append), async () =>
        {
            await base.AppendAsync(sessionId, lastSeq, events, standing, cancellationToken);
            return true;
        });

    public override Task<IReadOnlyList<LoggedEvent>> ReadAsync(string sessionId, long afterSeq, ReadLimit limit, CancellationToken cancellationToken) =>
        CallAsync([CrashKind.Read], () => base.ReadAsync(sessionId, afterSeq, limit, cancellationToken));

    public override Task<SessionEntry?> FindAsync(string sessionId, CancellationToken cancellationToken) =>
        CallAsync([CrashKind.Find], () => base.FindAsync(sessionId, cancellationToken));

    public override Task<IReadOnlyList<string>> ListUnfinishedAsync(CancellationToken cancellationToken) =>
        CallAsync([CrashKind.ListUnfinished], () => base.ListUnfinishedAsync(cancellationToken));

    public ValueTask DisposeAsync() => Inner is IAsyncDisposable disposable ? disposable.DisposeAsync() : ValueTask.CompletedTask;

    private async Task<TResult> CallAsync<TResult>(IEnumerable<string> kinds, Func<Task<TResult>> call)
    {
        if (point is null || !kinds.Contains(point.Kind) || Interlocked.Increment(ref _count) != point.Occurrence) return await call();

        if (point.Moment == CrashMoment.Before) throw SelfKill.Now();
        var result = call();
        if (point.Moment == CrashMoment.After) await result;
        throw SelfKill.Now();
    }
}
