using Gateway.Contracts;

namespace Gateway.Log;

/// <summary>The logs of all sessions: the one place where what happened is kept.</summary>
/// <remarks>
/// One writer a session; any number of readers. Every method may throw <see cref="StorageException"/>
/// when the store does not work; nothing was then written.
/// </remarks>
public interface ISessionLog
{
    /// <summary>Creates a session's log, with status running and no event.</summary>
    /// <returns>Null when it was created; else the header of the session that has the id already.</returns>
    Task<SessionHeader?> CreateAsync(SessionHeader header, CancellationToken cancellationToken);

    /// <summary>Appends events in order; returns once they are committed.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="lastSeq">Seq of the last event already there; the first of <paramref name="events"/> has the next.</param>
    /// <param name="events">One or more events with consecutive seqs; the caller may go on with the JSON that a store made of them.</param>
    /// <param name="standing">Where the session stands after them: its status, and when it is to be woken.</param>
    /// <param name="cancellationToken">Gives up waiting; the append may be committed all the same.</param>
    /// <exception cref="LogConflictException">The log does not end at <paramref name="lastSeq"/>: another writer was here.</exception>
    /// <exception cref="DamagedLogException">There are events behind the log's end already.</exception>
    Task AppendAsync(string sessionId, long lastSeq, IReadOnlyList<LoggedEvent> events, SessionStanding standing, CancellationToken cancellationToken);

    /// <summary>Reads up to <paramref name="limit"/> committed events after <paramref name="afterSeq"/>, in order.</summary>
    /// <returns>At least one event unless <paramref name="limit"/> is 0; an empty list at the end of the log, or when there is no such session.</returns>
    /// <remarks>
    /// In a compacted log an event may stand for a run of chunks. A read that starts inside such a run returns
    /// only what follows <paramref name="afterSeq"/>: the run is cut there.
    /// In a damaged log a read returns what comes before the damage; the next one, which begins at it, throws.
    /// </remarks>
    /// <exception cref="DamagedLogException">The first event after <paramref name="afterSeq"/> cannot be read, or is missing.</exception>
    Task<IReadOnlyList<LoggedEvent>> ReadAsync(string sessionId, long afterSeq, ReadLimit limit, CancellationToken cancellationToken);

    /// <summary>Finds a session; null when there is none.</summary>
    Task<SessionEntry?> FindAsync(string sessionId, CancellationToken cancellationToken);

    /// <summary>Lists sessions, newest first.</summary>
    /// <exception cref="FormatException">No log wrote this cursor.</exception>
    Task<SessionPage> ListAsync(SessionQuery query, CancellationToken cancellationToken);

    /// <summary>The sessions that have not ended, oldest first; reads no finished one.</summary>
    Task<IReadOnlyList<string>> ListUnfinishedAsync(CancellationToken cancellationToken);

    /// <summary>The sessions whose time to be woken is not after <paramref name="until"/>, UTC, those that wait longest first.</summary>
    Task<IReadOnlyList<string>> ListDueAsync(DateTime until, CancellationToken cancellationToken);

    /// <summary>The next time after <paramref name="after"/>, UTC, at which a session is to be woken; null when there is none.</summary>
    /// <remarks>Costs the same however many sessions there are.</remarks>
    Task<DateTime?> FindNextDueAsync(DateTime after, CancellationToken cancellationToken);

    /// <summary>Puts a session's entry right where it does not agree with the events: its last seq is never before theirs.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="status">The status that the events tell of, and nothing wakes the session; null leaves both.</param>
    /// <param name="cancellationToken">Gives up waiting; it may be done all the same.</param>
    /// <returns>False when there is no such session.</returns>
    Task<bool> MendAsync(string sessionId, string? status, CancellationToken cancellationToken);

    /// <summary>Deletes a session with all its events.</summary>
    /// <returns>False when there is none.</returns>
    Task<bool> DeleteAsync(string sessionId, CancellationToken cancellationToken);
}
