namespace Gateway.Log.Sqlite.Connections;

/// <summary>Keeps the table of dead letters, within the transactions of the one connection that writes.</summary>
/// <param name="prepare">Prepares a statement of that connection.</param>
internal sealed class DeadLetterWriter(Func<string, PreparedStatement> prepare)
{
    private readonly PreparedStatement _add = prepare(
        """
        INSERT INTO dead_letters (follower, session, session_id, seq, letter_id, kind, at, tries, reason, body)
        SELECT followers.number, sessions.number, session_id, ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM sessions, followers WHERE session_id = ?2 AND name = ?1
        ON CONFLICT (session, follower, seq) DO UPDATE SET at = excluded.at, tries = excluded.tries, reason = excluded.reason
        """);

    private readonly PreparedStatement _trim = prepare(
        """
        DELETE FROM dead_letters WHERE follower = (SELECT number FROM followers WHERE name = ?1)
            AND number <= (SELECT number FROM dead_letters WHERE follower = (SELECT number FROM followers WHERE name = ?1) ORDER BY number DESC LIMIT 1 OFFSET ?2)
        """);

    private readonly PreparedStatement _remove = prepare("DELETE FROM dead_letters WHERE follower = (SELECT number FROM followers WHERE name = ?1) AND letter_id = ?2");
    private readonly PreparedStatement _removeOf = prepare("DELETE FROM dead_letters WHERE session = ?1");
    private readonly PreparedStatement _halt = prepare("UPDATE followers SET halted = ?2 WHERE name = ?1");

    /// <summary>Notes a letter; of more than are kept the oldest go.</summary>
    public void Add(string follower, DeadLetter letter, int keep)
    {
        _add.Bind(1, follower).Bind(2, letter.SessionId).Bind(3, letter.Seq).Bind(4, letter.Id).Bind(5, letter.Kind).Bind(6, letter.At.Ticks).Bind(7, letter.Tries).Bind(8, letter.Reason).Bind(9, letter.Body.ToArray()).Run();
        _trim.Bind(1, follower).Bind(2, keep).Run();
    }

    /// <summary>Removes a letter; false when there is none.</summary>
    public bool Remove(string follower, string id) => _remove.Bind(1, follower).Bind(2, id).Run() > 0;

    /// <summary>Removes all letters of a session.</summary>
    public void RemoveAll(long session) => _removeOf.Bind(1, session).Run();

    /// <summary>Notes why a follower stands still; null: it goes on.</summary>
    public void Halt(string follower, string? reason) => _halt.Bind(1, follower).Bind(2, reason).Run();
}
