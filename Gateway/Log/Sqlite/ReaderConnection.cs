using Gateway.Contracts;
using Microsoft.Data.Sqlite;

namespace Gateway.Log.Sqlite;

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
    private readonly PreparedStatement _uncompacted;

    public ReaderConnection(SqliteDatabase database)
    {
        _connection = database.OpenReader();
        const string Columns = "number, session_id, workflow_id, status, last_seq, created_at, updated_at";
        _begin = Prepare("BEGIN", 0);
        _end = Prepare("COMMIT", 0);
        _position = Prepare("SELECT number, last_seq FROM sessions WHERE session_id = $1", 1);
        _events = Prepare("SELECT seq, frame, parts FROM events WHERE session = $1 AND seq > $2 ORDER BY seq LIMIT $3", 3);
        _entry = Prepare("SELECT header, status, last_seq, updated_at FROM sessions LEFT JOIN headers ON session = number WHERE session_id = $1", 1);
        _list = Prepare($"SELECT {Columns} FROM sessions WHERE number < $1 ORDER BY number DESC LIMIT $2", 2);
        _listStatus = Prepare($"SELECT {Columns} FROM sessions WHERE number < $1 AND status = $3 ORDER BY number DESC LIMIT $2", 3);
        _unfinished = Prepare("SELECT session_id FROM sessions WHERE status NOT IN ('completed', 'failed', 'cancelled') ORDER BY number", 0);
        _uncompacted = Prepare(
            "SELECT number, session_id FROM sessions WHERE compacted = 0 AND status IN ('completed', 'failed', 'cancelled') ORDER BY number LIMIT 1", 0);
    }

    /// <exception cref="DamagedLogException">Events are missing, or cannot be read.</exception>
    public IReadOnlyList<LoggedEvent> Read(string sessionId, long afterSeq, int limit)
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
        using var reader = _entry.Query(sessionId);
        if (!reader.Read()) return null;
        var header = SqliteHeader.Decode(sessionId, reader.IsDBNull(0) ? [] : reader.GetFieldValue<byte[]>(0));
        return new SessionEntry(header, reader.GetString(1), reader.GetInt64(2), Time(reader.GetInt64(3)));
    }

    public SessionPage List(SessionQuery query, long before)
    {
        // One more than asked for tells whether there is a next page.
        using var reader = query.Status is null ? _list.Query(before, query.Limit + 1L) : _listStatus.Query(before, query.Limit + 1L, query.Status);
        var sessions = new List<SessionSummary>();
        var last = 0L;
        while (reader.Read())
        {
            if (sessions.Count == query.Limit) return new SessionPage { Sessions = sessions, NextCursor = sessions.Count > 0 ? SessionCursor.Write(last) : null };
            last = reader.GetInt64(0);
            sessions.Add(new SessionSummary
            {
                SessionId = reader.GetString(1),
                WorkflowId = reader.GetString(2),
                Status = reader.GetString(3),
                LastSeq = reader.GetInt64(4),
                CreatedAt = Time(reader.GetInt64(5)),
                UpdatedAt = Time(reader.GetInt64(6)),
            });
        }

        return new SessionPage { Sessions = sessions };
    }

    public IReadOnlyList<string> ListUnfinished()
    {
        using var reader = _unfinished.Query();
        var ids = new List<string>();
        while (reader.Read()) ids.Add(reader.GetString(0));
        return ids;
    }

    /// <summary>The oldest finished session that was not compacted yet; null when there is none.</summary>
    public (long Number, string SessionId)? FindUncompacted()
    {
        using var reader = _uncompacted.Query();
        return reader.Read() ? (reader.GetInt64(0), reader.GetString(1)) : null;
    }

    public void Dispose()
    {
        foreach (var statement in _statements) statement.Dispose();
        _connection.Dispose();
    }

    private List<LoggedEvent> ReadInSnapshot(string sessionId, long afterSeq, int limit)
    {
        long session;
        long lastSeq;
        using (var position = _position.Query(sessionId))
        {
            if (!position.Read()) return [];
            session = position.GetInt64(0);
            lastSeq = position.GetInt64(1);
        }

        var events = new List<LoggedEvent>();
        if (afterSeq >= lastSeq || limit <= 0) return events;

        var seq = Math.Max(afterSeq, 0);
        using var reader = _events.Query(session, seq, limit);
        while (reader.Read())
        {
            var logged = new LoggedEvent(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1));
            var from = logged.Seq;
            if (!reader.IsDBNull(2))
            {
                var lengths = PartLengths.Decode(reader.GetFieldValue<byte[]>(2));
                from -= lengths.Length - 1;
                if (from <= seq && events.Count == 0)
                {
                    logged = ChunkMerger.Cut(logged, lengths, seq);
                    from = seq + 1;
                }
            }

            RequireNext(sessionId, seq, from);
            events.Add(logged);
            seq = logged.Seq;
        }

        if (events.Count < limit) RequireNext(sessionId, seq, lastSeq + 1);
        return events;
    }

    private static void RequireNext(string sessionId, long seq, long from)
    {
        if (from != seq + 1) throw new DamagedLogException($"The log of session '{sessionId}' is damaged: event {seq + 1} is missing.");
    }

    private static DateTime Time(long ticks) => new(ticks, DateTimeKind.Utc);

    private PreparedStatement Prepare(string sql, int parameters)
    {
        var statement = new PreparedStatement(_connection, sql, parameters);
        _statements.Add(statement);
        return statement;
    }
}
