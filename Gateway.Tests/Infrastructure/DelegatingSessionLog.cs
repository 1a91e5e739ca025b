using Gateway.Contracts;
using Gateway.Log;

namespace Gateway.Tests.Infrastructure;

/// <summary>Passes every call on to another log; a test's log overrides what it changes.</summary>
internal abstract class DelegatingSessionLog(ISessionLog inner) : ISessionLog, ILogHistory, ILogHealth, ILogCursors, ILogPrompts, ILogDeadLetters
{
    /// <summary>The log behind this one, without what this one changes.</summary>
    public ISessionLog Inner => inner;

    public virtual string? LastError => ((ILogHealth)Target).LastError;

    /// <summary>Where a call goes that is passed on.</summary>
    protected virtual ISessionLog Target => inner;

    public virtual Task<SessionHeader?> CreateAsync(SessionHeader header, CancellationToken cancellationToken) => Target.CreateAsync(header, cancellationToken);

    public virtual Task AppendAsync(string sessionId, long lastSeq, IReadOnlyList<LoggedEvent> events, SessionStanding standing, CancellationToken cancellationToken) =>
        Target.AppendAsync(sessionId, lastSeq, events, standing, cancellationToken);

    public virtual Task<IReadOnlyList<LoggedEvent>> ReadAsync(string sessionId, long afterSeq, ReadLimit limit, CancellationToken cancellationToken) =>
        Target.ReadAsync(sessionId, afterSeq, limit, cancellationToken);

    public virtual Task<SessionEntry?> FindAsync(string sessionId, CancellationToken cancellationToken) => Target.FindAsync(sessionId, cancellationToken);

    public virtual Task<SessionPage> ListAsync(SessionQuery query, CancellationToken cancellationToken) => Target.ListAsync(query, cancellationToken);

    public virtual Task<IReadOnlyList<string>> ListUnfinishedAsync(CancellationToken cancellationToken) => Target.ListUnfinishedAsync(cancellationToken);

    public virtual Task<IReadOnlyList<string>> ListDueAsync(DateTime until, CancellationToken cancellationToken) => Target.ListDueAsync(until, cancellationToken);

    public virtual Task<DateTime?> FindNextDueAsync(DateTime after, CancellationToken cancellationToken) => Target.FindNextDueAsync(after, cancellationToken);

    public virtual Task<bool> MendAsync(string sessionId, string? status, CancellationToken cancellationToken) => Target.MendAsync(sessionId, status, cancellationToken);

    public virtual Task<bool> DeleteAsync(string sessionId, CancellationToken cancellationToken) => Target.DeleteAsync(sessionId, cancellationToken);

    public virtual Task<IReadOnlyList<string>> DeleteFinishedAsync(DateTime? olderThan, int? keepNewest, int limit, CancellationToken cancellationToken) =>
        ((ILogHistory)Target).DeleteFinishedAsync(olderThan, keepNewest, limit, cancellationToken);

    public virtual Task<int> CompactAsync(int limit, CancellationToken cancellationToken) => ((ILogHistory)Target).CompactAsync(limit, cancellationToken);

    public virtual Task FollowAsync(string follower, CancellationToken cancellationToken) => ((ILogCursors)Target).FollowAsync(follower, cancellationToken);

    public virtual Task<IReadOnlyList<BehindSession>> ListBehindAsync(string follower, long after, int limit, CancellationToken cancellationToken) =>
        ((ILogCursors)Target).ListBehindAsync(follower, after, limit, cancellationToken);

    public virtual Task<long?> FindCursorAsync(string follower, string sessionId, CancellationToken cancellationToken) =>
        ((ILogCursors)Target).FindCursorAsync(follower, sessionId, cancellationToken);

    public virtual Task MoveCursorAsync(string follower, string sessionId, long seq, CancellationToken cancellationToken) =>
        ((ILogCursors)Target).MoveCursorAsync(follower, sessionId, seq, cancellationToken);

    public event Action? PromptsChanged
    {
        add => ((ILogPrompts)inner).PromptsChanged += value;
        remove => ((ILogPrompts)inner).PromptsChanged -= value;
    }

    public virtual Task<LoggedPrompts> ListPromptsAsync(PromptQuery query, CancellationToken cancellationToken) => ((ILogPrompts)Target).ListPromptsAsync(query, cancellationToken);

    public virtual Task<LoggedPrompts> ReadPromptChangesAsync(long after, long closedAfter, ReadLimit limit, CancellationToken cancellationToken) =>
        ((ILogPrompts)Target).ReadPromptChangesAsync(after, closedAfter, limit, cancellationToken);

    public virtual Task AddDeadLetterAsync(string follower, DeadLetter letter, int keep, CancellationToken cancellationToken) =>
        ((ILogDeadLetters)Target).AddDeadLetterAsync(follower, letter, keep, cancellationToken);

    public virtual Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(string follower, long after, int limit, CancellationToken cancellationToken) =>
        ((ILogDeadLetters)Target).ListDeadLettersAsync(follower, after, limit, cancellationToken);

    public virtual Task<DeadLetter?> FindDeadLetterAsync(string follower, string id, CancellationToken cancellationToken) =>
        ((ILogDeadLetters)Target).FindDeadLetterAsync(follower, id, cancellationToken);

    public virtual Task<int> CountDeadLettersAsync(string follower, CancellationToken cancellationToken) => ((ILogDeadLetters)Target).CountDeadLettersAsync(follower, cancellationToken);

    public virtual Task<bool> RemoveDeadLetterAsync(string follower, string id, CancellationToken cancellationToken) =>
        ((ILogDeadLetters)Target).RemoveDeadLetterAsync(follower, id, cancellationToken);

    public virtual Task<string?> FindHaltAsync(string follower, CancellationToken cancellationToken) => ((ILogDeadLetters)Target).FindHaltAsync(follower, cancellationToken);

    public virtual Task HaltAsync(string follower, string? reason, CancellationToken cancellationToken) => ((ILogDeadLetters)Target).HaltAsync(follower, reason, cancellationToken);

    public virtual Task<bool> ProbeAsync(CancellationToken cancellationToken) => ((ILogHealth)Target).ProbeAsync(cancellationToken);
}
