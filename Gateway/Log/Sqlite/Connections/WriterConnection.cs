using Gateway.Contracts;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Gateway.Log.Sqlite.Connections;

/// <summary>The one connection that writes, with its prepared statements; used by one thread at a time.</summary>
internal sealed class WriterConnection : IDisposable
{
    /// <summary>What every append runs: 1 the session's number, 2 and 3 its last seq before and after, 4 the time, 5 the status that stays, as does the time at which it is woken.</summary>
    public const string AdvanceSql = "UPDATE sessions SET last_seq = ?3, updated_at = ?4 WHERE number = ?1 AND last_seq = ?2 AND status = ?5";

    // Events of deleted sessions that one step removes; about a millisecond.
    private const int PurgeStep = 256;
    private const int ProbeBytes = 64 * 1024;

    // No session can have this id.
    private const string ProbeSession = ":probe";
    private const int MaxKnownSessions = 10_000;
    private const string LastRow = "last_seq = max(last_seq, (SELECT coalesce(max(seq), 0) FROM events WHERE session = number))";

    private readonly SqliteConnection _connection;
    private readonly int _busyTimeout;
    private readonly List<PreparedStatement> _statements = [];
    private readonly Dictionary<string, (long Number, DateTime? WakeAt)> _known = [];
    private readonly PreparedStatement _begin;
    private readonly PreparedStatement _commit;
    private readonly PreparedStatement _rollback;
    private readonly PreparedStatement _find;
    private readonly PreparedStatement _header;
    private readonly PreparedStatement _insertSession;
    private readonly PreparedStatement _insertHeader;
    private readonly PreparedStatement _advance;
    private readonly PreparedStatement _advanceStatus;
    private readonly PreparedStatement _insertEvent;
    private readonly PreparedStatement _mend;
    private readonly PreparedStatement _mendStatus;
    private readonly PreparedStatement _forget;
    private readonly PreparedStatement _deleteHeader;
    private readonly PreparedStatement _deleteSession;
    private readonly PreparedStatement _forgotten;
    private readonly PreparedStatement _purge;
    private readonly PreparedStatement _purged;
    private readonly PreparedStatement _deleteRun;
    private readonly PreparedStatement _mergeRun;
    private readonly PreparedStatement _markCompacted;
    private readonly PreparedStatement _probe;
    private readonly PreparedStatement _clearProbe;
    private readonly PreparedStatement _emptyLog;
    private readonly PreparedStatement _follow;
    private readonly PreparedStatement _followUnfinished;
    private readonly PreparedStatement _moveCursor;
    private readonly PreparedStatement _deleteCursors;
    private readonly PreparedStatement _moment;
    private readonly PromptWriter _prompts;
    private bool _promptsChanged;

    private WriterConnection(SqliteConnection connection, int busyTimeout)
    {
        _connection = connection;
        _busyTimeout = busyTimeout;
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _rollback = Prepare("ROLLBACK");
        _find = Prepare("SELECT number, last_seq FROM sessions WHERE session_id = ?1");
        _header = Prepare("SELECT header FROM headers WHERE session = (SELECT number FROM sessions WHERE session_id = ?1)");
        _insertSession = Prepare(
            """
            INSERT INTO sessions (session_id, workflow_id, status, last_seq, created_at, updated_at) VALUES (?1, ?2, 'running', 0, ?3, ?3)
            ON CONFLICT (session_id) DO NOTHING
            """);
        _insertHeader = Prepare("INSERT INTO headers (session, header) SELECT number, ?2 FROM sessions WHERE session_id = ?1");
        _advance = Prepare(AdvanceSql);
        _advanceStatus = Prepare("UPDATE sessions SET last_seq = ?3, updated_at = ?4, status = ?5, wake_at = ?6 WHERE number = ?1 AND last_seq = ?2");
        _insertEvent = Prepare("INSERT INTO events (session, seq, frame) VALUES (?1, ?2, ?3)");
        _mend = Prepare($"UPDATE sessions SET {LastRow} WHERE session_id = ?1");
        _mendStatus = Prepare($"UPDATE sessions SET {LastRow}, status = ?2, wake_at = NULL WHERE session_id = ?1");
        _forget = Prepare("INSERT INTO deleted_sessions (session) VALUES (?1)");
        _deleteHeader = Prepare("DELETE FROM headers WHERE session = ?1");
        _deleteSession = Prepare("DELETE FROM sessions WHERE number = ?1");
        _forgotten = Prepare("SELECT session FROM deleted_sessions LIMIT 1");
        _purge = Prepare($"DELETE FROM events WHERE session = ?1 AND seq IN (SELECT seq FROM events WHERE session = ?1 ORDER BY seq LIMIT {PurgeStep})");
        _purged = Prepare("DELETE FROM deleted_sessions WHERE session = ?1");
        _deleteRun = Prepare("DELETE FROM events WHERE session = ?1 AND seq >= ?2 AND seq < ?3");
        _mergeRun = Prepare("UPDATE events SET frame = ?3, parts = ?4 WHERE session = ?1 AND seq = ?2");
        _markCompacted = Prepare("UPDATE sessions SET compacted = 1 WHERE number = ?1");
        _probe = Prepare($"INSERT INTO probe (data) VALUES (zeroblob({ProbeBytes}))");
        _clearProbe = Prepare("DELETE FROM probe");
        _emptyLog = Prepare("PRAGMA wal_checkpoint(TRUNCATE)");
        _follow = Prepare("INSERT INTO followers (name, since) SELECT ?1, coalesce(max(number), 0) FROM sessions WHERE true ON CONFLICT (name) DO NOTHING");
        _followUnfinished = Prepare(SqliteQueries.FollowUnfinished);
        _moveCursor = Prepare(
            """
            INSERT INTO cursors (session, follower, seq) SELECT sessions.number, followers.number, ?3 FROM sessions, followers WHERE session_id = ?2 AND name = ?1
            ON CONFLICT (session, follower) DO UPDATE SET seq = excluded.seq WHERE excluded.seq > seq
            """);
        _deleteCursors = Prepare("DELETE FROM cursors WHERE session = ?1");
        _moment = Prepare("SELECT number, last_seq, updated_at FROM sessions WHERE session_id = ?1");
        _prompts = new PromptWriter(Prepare);
        DeadLetters = new DeadLetterWriter(Prepare);
    }

    /// <summary>Opens the file and prepares the statements.</summary>
    public static WriterConnection Open(SqliteDatabase database)
    {
        var connection = database.OpenWriter();
        try
        {
            return new WriterConnection(connection, database.BusyTimeout);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>What followers could not pass on.</summary>
    public DeadLetterWriter DeadLetters { get; }

    /// <summary>Whether events of deleted sessions may be left; a fresh connection has to look.</summary>
    public bool MayHaveLeftovers { get; private set; } = true;

    /// <summary>Whether what was committed since this was asked last has changed any prompt.</summary>
    public bool TakePromptsChanged()
    {
        var changed = _promptsChanged;
        _promptsChanged = false;
        return changed;
    }

    /// <summary>Begins a transaction; waits for another program that has locked the file.</summary>
    public void Begin() => _begin.Run();

    /// <summary>Begins a transaction without waiting; false when another program has locked the file.</summary>
    public bool TryBegin()
    {
        raw.sqlite3_busy_timeout(_connection.Handle, 0);
        try
        {
            _begin.Run();
            return true;
        }
        catch (SqliteException exception) when (SqliteErrors.IsBusy(exception))
        {
            return false;
        }
        finally
        {
            raw.sqlite3_busy_timeout(_connection.Handle, _busyTimeout);
        }
    }

    public void Commit() => _commit.Run();

    /// <summary>Undoes the transaction, if SQLite has not done so itself.</summary>
    public void Rollback()
    {
        _promptsChanged = false;
        _known.Clear();
        if (raw.sqlite3_get_autocommit(_connection.Handle) == 0) _rollback.Run();
    }

    public SessionHeader? Create(SessionHeader header, byte[] json)
    {
        if (_insertSession.Bind(1, header.SessionId).Bind(2, header.WorkflowId).Bind(3, header.CreatedAt.Ticks).Run() == 0) return ReadHeader(header.SessionId);
        _insertHeader.Bind(1, header.SessionId).Bind(2, json).Run();
        return null;
    }

    /// <exception cref="LogConflictException">The log does not end at <paramref name="lastSeq"/>.</exception>
    /// <exception cref="StorageException">There is no such session.</exception>
    public void Append(string sessionId, long lastSeq, byte[][] frames, SessionStanding standing, DateTime updatedAt)
    {
        var session = Advance(sessionId, lastSeq, lastSeq + frames.Length, standing, updatedAt.Ticks);
        for (var i = 0; i < frames.Length; i++) _insertEvent.Bind(1, session).Bind(2, lastSeq + 1 + i).Bind(3, frames[i]).Run();
        if (standing.Prompts is { } prompts) _promptsChanged |= _prompts.Apply(session, prompts);
        if (SessionStatus.IsFinal(standing.Status)) _promptsChanged |= _prompts.CloseAll(session, lastSeq + frames.Length, updatedAt.Ticks);
    }

    public bool Mend(string sessionId, string? status)
    {
        // The short way of an append relies on the status it has seen.
        _known.Remove(sessionId);
        var mend = status is null ? _mend : _mendStatus.Bind(2, status);
        if (mend.Bind(1, sessionId).Run() == 0) return false;
        if (status is not null && SessionStatus.IsFinal(status)) ClosePrompts(sessionId);
        return true;
    }

    public bool Delete(string sessionId)
    {
        if (Find(sessionId) is not { } found) return false;
        ClosePrompts(sessionId);
        Delete(found.Number);
        return true;
    }

    /// <summary>Deletes those that are still there; their ids.</summary>
    public IReadOnlyList<string> Delete(IReadOnlyCollection<DoomedSession> doomed)
    {
        var deleted = new List<string>();
        foreach (var session in doomed.Where(session => Find(session.SessionId) is { } found && found.Number == session.Number))
        {
            Delete(session.Number);
            deleted.Add(session.SessionId);
        }

        return deleted;
    }

    /// <summary>A deleted session whose events are not all removed; null when there is none. Reads only.</summary>
    public long? FindLeftover()
    {
        using var rows = _forgotten.Query();
        long? session = _forgotten.Step() ? _forgotten.Int64(0) : null;
        MayHaveLeftovers = session is not null;
        return session;
    }

    /// <summary>Removes some events of a deleted session, or, after the last, the session's mark.</summary>
    public void Purge(long session)
    {
        if (_purge.Bind(1, session).Run() < PurgeStep) _purged.Bind(1, session).Run();
    }

    public void Merge(long session, EncodedRun run)
    {
        _deleteRun.Bind(1, session).Bind(2, run.From).Bind(3, run.To).Run();
        _mergeRun.Bind(1, session).Bind(2, run.To).Bind(3, run.Frame).Bind(4, run.Parts).Run();
    }

    public void MarkCompacted(long session) => _markCompacted.Bind(1, session).Run();

    public void Follow(string follower)
    {
        if (_follow.Bind(1, follower).Run() > 0) _followUnfinished.Bind(1, follower).Run();
    }

    public void MoveCursor(string follower, string sessionId, long seq) => _moveCursor.Bind(1, follower).Bind(2, sessionId).Bind(3, seq).Run();

    /// <summary>Writes some bytes, and a session with an event, and removes them again: nobody sees them, but what they need is there.</summary>
    public void Probe()
    {
        _probe.Run();
        _clearProbe.Run();

        _insertSession.Bind(1, ProbeSession).Bind(2, ProbeSession).Bind(3, 0).Run();
        _insertHeader.Bind(1, ProbeSession).Bind(2, []).Run();
        var session = Find(ProbeSession)!.Value.Number;
        _insertEvent.Bind(1, session).Bind(2, 1).Bind(3, []).Run();
        _purge.Bind(1, session).Run();
        _deleteHeader.Bind(1, session).Run();
        _deleteSession.Bind(1, session).Run();
    }

    /// <summary>Moves the write-ahead log into the file and cuts it to nothing; false when a reader or another program is in the way for longer.</summary>
    public bool TryEmptyLog(TimeSpan patience)
    {
        raw.sqlite3_busy_timeout(_connection.Handle, (int)patience.TotalMilliseconds);
        try
        {
            using var rows = _emptyLog.Query();
            return _emptyLog.Step() && _emptyLog.Int64(0) == 0;
        }
        catch (SqliteException exception) when (SqliteErrors.IsBusy(exception))
        {
            return false;
        }
        finally
        {
            raw.sqlite3_busy_timeout(_connection.Handle, _busyTimeout);
        }
    }

    /// <summary>From now on the write-ahead log is left as it is, also when the connection is closed.</summary>
    public void LeaveLog()
    {
        SqliteDatabase.LeaveLog(_connection);
        raw.sqlite3_wal_autocheckpoint(_connection.Handle, 0);
    }

    public void Dispose()
    {
        foreach (var statement in _statements) statement.Dispose();
        _connection.Dispose();
    }

    /// <summary>Moves the end of the log from <paramref name="lastSeq"/> to <paramref name="newSeq"/>; the check that no one else has moved it.</summary>
    private long Advance(string sessionId, long lastSeq, long newSeq, SessionStanding standing, long updatedAt)
    {
        // The short way: a known session whose standing stays, so that its indexes need no look.
        if (_known.TryGetValue(sessionId, out var known) && known.WakeAt == standing.WakeAt
            && _advance.Bind(1, known.Number).Bind(2, lastSeq).Bind(3, newSeq).Bind(4, updatedAt).Bind(5, standing.Status).Run() == 1)
        {
            return known.Number;
        }

        _known.Remove(sessionId);
        var (number, actualSeq) = Find(sessionId) ?? throw new StorageException($"There is no log of session '{sessionId}'.");
        if (_advanceStatus.Bind(1, number).Bind(2, lastSeq).Bind(3, newSeq).Bind(4, updatedAt).Bind(5, standing.Status).Bind(6, standing.WakeAt?.Ticks).Run() == 0) throw new LogConflictException(sessionId, lastSeq, actualSeq);

        if (_known.Count >= MaxKnownSessions) _known.Clear();
        if (!SessionStatus.IsFinal(standing.Status)) _known[sessionId] = (number, standing.WakeAt);
        return number;
    }

    private void Delete(long number)
    {
        _forget.Bind(1, number).Run();
        _deleteCursors.Bind(1, number).Run();
        DeadLetters.RemoveAll(number);
        _deleteHeader.Bind(1, number).Run();
        _deleteSession.Bind(1, number).Run();
        MayHaveLeftovers = true;
    }

    private void ClosePrompts(string sessionId)
    {
        long session, seq, at;
        using (_moment.Bind(1, sessionId).Query())
        {
            if (!_moment.Step()) return;
            (session, seq, at) = (_moment.Int64(0), _moment.Int64(1), _moment.Int64(2));
        }

        _promptsChanged |= _prompts.CloseAll(session, seq, at);
    }

    private (long Number, long LastSeq)? Find(string sessionId)
    {
        using var rows = _find.Bind(1, sessionId).Query();
        return _find.Step() ? (_find.Int64(0), _find.Int64(1)) : null;
    }

    private SessionHeader ReadHeader(string sessionId)
    {
        using var rows = _header.Bind(1, sessionId).Query();
        return HeaderJson.Decode(sessionId, _header.Step() ? _header.Blob(0) : null);
    }

    private PreparedStatement Prepare(string sql)
    {
        var statement = new PreparedStatement(_connection, sql);
        _statements.Add(statement);
        return statement;
    }
}
