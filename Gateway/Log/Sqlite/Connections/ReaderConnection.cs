using Gateway.Contracts;
using Microsoft.Data.Sqlite;

namespace Gateway.Log.Sqlite.Connections;

/// <summary>A connection that reads, with its prepared statements; used by one reader at a time.</summary>
internal sealed class ReaderConnection : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly List<PreparedStatement> _statements = [];
    private readonly PreparedStatement _begin;
    private readonly PreparedStatement _end;
    private readonly PreparedStatement _position;
    private readonly PreparedStatement _events;
    private readonly PreparedStatement _entry;
    private readonly PreparedStatement _list;
    private readonly PreparedStatement _listStatus;
    private readonly PreparedStatement _unfinished;
    private readonly PreparedStatement _due;
    private readonly PreparedStatement _nextDue;
    private readonly PreparedStatement _uncompacted;
    private readonly PreparedStatement _tooOld;
    private readonly PreparedStatement _tooMany;
    private readonly PreparedStatement _newestTooMany;
    private readonly PreparedStatement _cursor;
    private readonly PreparedStatement _behind;
    private readonly DeadLetterReader _deadLetters;
    private readonly PreparedStatement _inbox;
    private readonly Action<string, string, Exception>? _unreadablePrompt;
    private readonly PreparedStatement _openPrompts;
    private readonly PreparedStatement _promptChanges;

    private ReaderConnection(SqliteConnection connection, Action<string, string, Exception>? unreadablePrompt)
    {
        _connection = connection;
        _unreadablePrompt = unreadablePrompt;
        _begin = Prepare("BEGIN");
        _end = Prepare("COMMIT");
        _position = Prepare("SELECT number, last_seq FROM sessions WHERE session_id = ?1");
        _events = Prepare("SELECT seq, frame, parts FROM events WHERE session = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3");
        _entry = Prepare("SELECT header, workflow_id, status, last_seq, created_at, updated_at FROM sessions LEFT JOIN headers ON session = number WHERE session_id = ?1");
        _list = Prepare(SqliteQueries.List);
        _listStatus = Prepare(SqliteQueries.ListOfStatus);
        _unfinished = Prepare(SqliteQueries.Unfinished);
        _due = Prepare(SqliteQueries.Due);
        _nextDue = Prepare(SqliteQueries.NextDue);
        _uncompacted = Prepare(SqliteQueries.Uncompacted);
        _tooOld = Prepare(SqliteQueries.TooOld);
        _tooMany = Prepare(SqliteQueries.TooMany);
        _newestTooMany = Prepare(SqliteQueries.NewestTooMany);
        _cursor = Prepare(SqliteQueries.Cursor);
        _behind = Prepare(SqliteQueries.Behind);
        _deadLetters = new DeadLetterReader(Prepare);
        _inbox = Prepare("SELECT store, changes FROM inbox");
        _openPrompts = Prepare(SqliteQueries.OpenPrompts);
        _promptChanges = Prepare(SqliteQueries.PromptChanges);
    }

    /// <summary>Opens the file and prepares the statements.</summary>
    public static ReaderConnection Open(SqliteDatabase database)
    {
        var connection = database.OpenReader();
        try
        {
            return new ReaderConnection(connection, database.UnreadablePrompt);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <exception cref="DamagedLogException">The first event is missing, or cannot be read.</exception>
    public IReadOnlyList<LoggedEvent> Read(string sessionId, long afterSeq, ReadLimit limit)
    {
        try
        {
            // One snapshot for both statements; else a deletion between them looks like a gap.
            _begin.Run();
            try
            {
                return ReadInSnapshot(sessionId, afterSeq, limit);
            }
            finally
            {
                _end.Run();
            }
        }
        catch (SqliteException exception) when (SqliteErrors.IsDamage(exception))
        {
            throw new DamagedLogException($"The log of session '{sessionId}' is damaged after event {afterSeq}: {exception.Message}", exception);
        }
    }

    public SessionEntry? Find(string sessionId)
    {
        using var rows = _entry.Bind(1, sessionId).Query();
        if (!_entry.Step()) return null;
        var header = _entry.Blob(0);
        return new SessionEntry(() => HeaderJson.Decode(sessionId, header))
        {
            SessionId = sessionId,
            WorkflowId = _entry.Text(1),
            Status = _entry.Text(2),
            LastSeq = _entry.Int64(3),
            CreatedAt = Time(_entry.Int64(4)),
            UpdatedAt = Time(_entry.Int64(5)),
        };
    }

    public SessionPage List(SessionQuery query, long before)
    {
        // One more than asked for tells whether there is a next page.
        var list = query.Status is null ? _list : _listStatus.Bind(3, query.Status);
        using var rows = list.Bind(1, before).Bind(2, query.Limit + 1L).Query();
        var sessions = new List<SessionSummary>();
        var last = 0L;
        while (list.Step())
        {
            if (sessions.Count == query.Limit) return new SessionPage { Sessions = sessions, NextCursor = sessions.Count > 0 ? SessionCursor.Write(last) : null };
            last = list.Int64(0);
            sessions.Add(new SessionSummary
            {
                SessionId = list.Text(1),
                WorkflowId = list.Text(2),
                Status = list.Text(3),
                LastSeq = list.Int64(4),
                CreatedAt = Time(list.Int64(5)),
                UpdatedAt = Time(list.Int64(6)),
            });
        }

        return new SessionPage { Sessions = sessions };
    }

    public IReadOnlyList<string> ListUnfinished()
    {
        using var rows = _unfinished.Query();
        var ids = new List<string>();
        while (_unfinished.Step()) ids.Add(_unfinished.Text(0));
        return ids;
    }

    /// <summary>Where a follower stands in a session; null when one of them is not known.</summary>
    public long? FindCursor(string follower, string sessionId)
    {
        using var rows = _cursor.Bind(1, follower).Bind(2, sessionId).Query();
        return _cursor.Step() ? _cursor.Int64(0) : null;
    }

    /// <summary>What followers could not pass on.</summary>
    public DeadLetterReader DeadLetters => _deadLetters;

    /// <summary>Sessions with events after a follower's cursor, the oldest first.</summary>
    public IReadOnlyList<BehindSession> ListBehind(string follower, long after, int limit)
    {
        using var rows = _behind.Bind(1, follower).Bind(2, after).Bind(3, limit).Query();
        var sessions = new List<BehindSession>();
        while (_behind.Step()) sessions.Add(new BehindSession(_behind.Int64(0), _behind.Text(1)));
        return sessions;
    }

    public IReadOnlyList<string> ListDue(DateTime until)
    {
        using var rows = _due.Bind(1, until.Ticks).Query();
        var ids = new List<string>();
        while (_due.Step()) ids.Add(_due.Text(0));
        return ids;
    }

    public DateTime? FindNextDue(DateTime after)
    {
        using var rows = _nextDue.Bind(1, after.Ticks).Query();
        return _nextDue.Step() ? Time(_nextDue.Int64(0)) : null;
    }

    /// <summary>Prompts that wait, those that wait longest first.</summary>
    public LoggedPrompts ListPrompts(PromptQuery query) => ReadPrompts(
        _openPrompts.Bind(1, query.After).Bind(2, query.UpTo).Bind(3, query.WorkflowId).Bind(4, query.Assignee).Bind(5, query.Since?.Ticks), query.Limit);

    /// <summary>Prompts that have changed after a change, in the order of their last changes.</summary>
    public LoggedPrompts ReadPromptChanges(long after, long closedAfter, ReadLimit limit) => ReadPrompts(_promptChanges.Bind(1, after).Bind(2, closedAfter), limit);

    private LoggedPrompts ReadPrompts(PreparedStatement statement, ReadLimit limit)
    {
        // One snapshot for both statements, so that the prompts are those of the number.
        _begin.Run();
        try
        {
            string store;
            long changes;
            using (_inbox.Query())
            {
                if (!_inbox.Step()) throw new StorageException("The index of prompts has lost its number; restore the session log from a copy.") { IsLasting = true };
                (store, changes) = (_inbox.Text(0), _inbox.Int64(1));
            }

            var (prompts, hasMore) = PromptRows.Read(statement, limit, _unreadablePrompt);
            return new LoggedPrompts(store, changes, prompts, hasMore);
        }
        finally
        {
            _end.Run();
        }
    }

    /// <summary>The oldest finished session that was not compacted yet; null when there is none.</summary>
    public (long Number, string SessionId)? FindUncompacted()
    {
        using var rows = _uncompacted.Query();
        return _uncompacted.Step() ? (_uncompacted.Int64(0), _uncompacted.Text(1)) : null;
    }

    /// <summary>Finished sessions that ended before a time, the longest finished first.</summary>
    public IReadOnlyList<DoomedSession> FindTooOld(DateTime olderThan, int limit) => List(_tooOld.Bind(1, olderThan.Ticks).Bind(2, limit));

    /// <summary>Finished sessions at or below a bound, the longest finished first.</summary>
    public IReadOnlyList<DoomedSession> FindTooMany(KeepBound bound, int limit) => List(_tooMany.Bind(1, bound.UpdatedAt).Bind(2, bound.Number).Bind(3, limit));

    /// <summary>The bound below which finished sessions are too many; null when there are no more than are kept.</summary>
    public KeepBound? FindBound(int keep)
    {
        using var rows = _newestTooMany.Bind(1, keep).Query();
        return _newestTooMany.Step() ? new KeepBound(keep, _newestTooMany.Int64(0), _newestTooMany.Int64(1)) : null;
    }

    public void Dispose()
    {
        foreach (var statement in _statements) statement.Dispose();
        _connection.Dispose();
    }

    private List<LoggedEvent> ReadInSnapshot(string sessionId, long afterSeq, ReadLimit limit)
    {
        long session;
        long lastSeq;
        using (_position.Bind(1, sessionId).Query())
        {
            if (!_position.Step()) return [];
            session = _position.Int64(0);
            lastSeq = _position.Int64(1);
        }

        var events = new List<LoggedEvent>();
        if (limit.Events <= 0) return events;
        try
        {
            ReadRows(sessionId, session, lastSeq, afterSeq, limit, events);
        }
        catch (Exception exception) when (events.Count > 0 && (exception is DamagedLogException || (exception is SqliteException sqlite && SqliteErrors.IsDamage(sqlite))))
        {
            // What comes before the damage is good; the next read begins at it and says so.
        }

        return events;
    }

    private void ReadRows(string sessionId, long session, long lastSeq, long afterSeq, ReadLimit limit, List<LoggedEvent> events)
    {
        var seq = Math.Max(afterSeq, 0);
        long bytes = 0;
        using var rows = _events.Bind(1, session).Bind(2, seq).Bind(3, limit.Events).Query();
        while (_events.Step())
        {
            var logged = new LoggedEvent(_events.Int64(0), _events.Blob(1) ?? []);
            if (EventJsonCheck.Find(logged.Json, logged.Seq) is { } problem) throw new DamagedLogException(problem);
            var from = logged.Seq;
            if (_events.Blob(2) is { } parts)
            {
                var lengths = PartLengths.Decode(parts);
                from -= lengths.Length - 1;
                if (from <= seq && events.Count == 0)
                {
                    logged = TokenRun.Cut(logged, lengths, seq);
                    from = seq + 1;
                }
            }

            RequireNext(sessionId, seq, from);
            if (logged.Seq > lastSeq) throw new DamagedLogException($"The log of session '{sessionId}' is damaged: it ends with event {lastSeq}, but there is an event {logged.Seq}.");
            events.Add(logged);
            seq = logged.Seq;
            bytes += logged.Json.Length;
            if (bytes >= limit.Bytes) return;
        }

        if (events.Count < limit.Events && seq < lastSeq) RequireNext(sessionId, seq, lastSeq + 1);
    }

    private static void RequireNext(string sessionId, long seq, long from)
    {
        if (from != seq + 1) throw new DamagedLogException($"The log of session '{sessionId}' is damaged: event {seq + 1} is missing.");
    }

    private static List<DoomedSession> List(PreparedStatement statement)
    {
        using var rows = statement.Query();
        var sessions = new List<DoomedSession>();
        while (statement.Step()) sessions.Add(new DoomedSession(statement.Int64(0), statement.Text(1)));
        return sessions;
    }

    private static DateTime Time(long ticks) => new(ticks, DateTimeKind.Utc);

    private PreparedStatement Prepare(string sql)
    {
        var statement = new PreparedStatement(_connection, sql);
        _statements.Add(statement);
        return statement;
    }
}
