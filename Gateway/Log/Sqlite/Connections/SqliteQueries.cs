namespace Gateway.Log.Sqlite.Connections;

/// <summary>The queries over all sessions: each is answered from an index, however many sessions have finished.</summary>
/// <remarks>They name their index: SQLite's own choice for a list of statuses is another one, with a sort.</remarks>
internal static class SqliteQueries
{
    public const string List = $"SELECT {Columns} FROM sessions WHERE number < ?1 ORDER BY number DESC LIMIT ?2";

    public const string ListOfStatus =
        $"SELECT {Columns} FROM sessions INDEXED BY sessions_by_status WHERE number < ?1 AND status = ?3 ORDER BY number DESC LIMIT ?2";

    public const string Unfinished =
        "SELECT session_id FROM sessions INDEXED BY unfinished_sessions WHERE status NOT IN ('completed', 'failed', 'cancelled') ORDER BY number";

    public const string FollowUnfinished =
        "INSERT INTO cursors (session, follower, seq) SELECT number, (SELECT number FROM followers WHERE name = ?1), last_seq FROM sessions INDEXED BY unfinished_sessions WHERE status NOT IN ('completed', 'failed', 'cancelled')";

    public const string Cursor =
        $"SELECT {CursorOrNone} FROM sessions JOIN followers ON name = ?1 LEFT JOIN cursors ON session = sessions.number AND follower = followers.number WHERE session_id = ?2";

    // Looks at every session after the given one until it has found enough, so it is asked seldom.
    public const string Behind =
        $"SELECT sessions.number, session_id FROM followers CROSS JOIN sessions LEFT JOIN cursors ON session = sessions.number AND follower = followers.number WHERE name = ?1 AND sessions.number > ?2 AND last_seq > {CursorOrNone} ORDER BY sessions.number LIMIT ?3";

    public const string Due =
        "SELECT session_id FROM sessions INDEXED BY sessions_to_wake WHERE wake_at IS NOT NULL AND wake_at <= ?1 ORDER BY wake_at";

    public const string NextDue =
        "SELECT wake_at FROM sessions INDEXED BY sessions_to_wake WHERE wake_at IS NOT NULL AND wake_at > ?1 ORDER BY wake_at LIMIT 1";

    public const string Uncompacted =
        $"SELECT number, session_id FROM sessions INDEXED BY uncompacted_sessions WHERE compacted = 0 AND {IsFinished} ORDER BY number LIMIT 1";

    public const string TooOld =
        $"SELECT number, session_id FROM sessions INDEXED BY finished_sessions WHERE {IsFinished} AND updated_at < ?1 ORDER BY updated_at, number LIMIT ?2";

    // Its cost grows with the number of sessions that are kept, so it is asked seldom, and never by who writes.
    public const string NewestTooMany =
        $"SELECT updated_at, number FROM sessions INDEXED BY finished_sessions WHERE {IsFinished} ORDER BY updated_at DESC, number DESC LIMIT 1 OFFSET ?1";

    public const string TooMany =
        $"SELECT number, session_id FROM sessions INDEXED BY finished_sessions WHERE {IsFinished} AND (updated_at, number) <= (?1, ?2) ORDER BY updated_at, number LIMIT ?3";

    public const string OpenPrompts =
        $"SELECT {PromptRows.Columns} FROM prompts INDEXED BY open_prompts WHERE prompt IS NOT NULL AND number > ?1 AND number <= ?2 AND (?3 IS NULL OR workflow_id = ?3) AND (?4 IS NULL OR assignees IS NULL OR CASE WHEN json_valid(assignees) THEN EXISTS (SELECT 1 FROM json_each(assignees) WHERE value = ?4) END) AND (?5 IS NULL OR since <= ?5) ORDER BY number";

    public const string PromptChanges = $"SELECT {PromptRows.Columns} FROM prompts INDEXED BY prompt_changes WHERE change > ?1 AND (prompt IS NOT NULL OR change > ?2) ORDER BY change";

    private const string Columns = "number, session_id, workflow_id, status, last_seq, created_at, updated_at";

    private const string CursorOrNone = "coalesce(seq, CASE WHEN sessions.number > since THEN 0 ELSE last_seq END)";

    // As the indexes have it, word for word: SQLite must see that they hold what is asked for.
    private const string IsFinished = "(status = 'completed' OR status = 'failed' OR status = 'cancelled')";
}
