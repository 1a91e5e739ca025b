namespace Gateway.Log.Sqlite.Connections;

/// <summary>Reads the table of dead letters, on a connection that reads.</summary>
/// <param name="prepare">Prepares a statement of that connection.</param>
internal sealed class DeadLetterReader(Func<string, PreparedStatement> prepare)
{
    private const string Columns = "number, letter_id, session_id, seq, kind, at, tries, reason, body";
    private const string Follower = "(SELECT number FROM followers WHERE name = ?1)";

    private readonly PreparedStatement _list = prepare($"SELECT {Columns} FROM dead_letters WHERE follower = {Follower} AND number > ?2 ORDER BY number LIMIT ?3");
    private readonly PreparedStatement _find = prepare($"SELECT {Columns} FROM dead_letters INDEXED BY dead_letters_by_id WHERE follower = {Follower} AND letter_id = ?2 LIMIT 1");
    private readonly PreparedStatement _count = prepare($"SELECT count(*) FROM dead_letters WHERE follower = {Follower}");
    private readonly PreparedStatement _halt = prepare("SELECT halted FROM followers WHERE name = ?1");

    /// <summary>The letters of a follower after a number, the oldest first.</summary>
    public IReadOnlyList<DeadLetter> List(string follower, long after, int limit) => Read(_list.Bind(1, follower).Bind(2, after).Bind(3, limit));

    /// <summary>A letter by its id; null when there is none.</summary>
    public DeadLetter? Find(string follower, string id) => Read(_find.Bind(1, follower).Bind(2, id)).FirstOrDefault();

    /// <summary>How many a follower has.</summary>
    public int Count(string follower)
    {
        using var rows = _count.Bind(1, follower).Query();
        return _count.Step() ? (int)_count.Int64(0) : 0;
    }

    /// <summary>Why a follower stands still; null when it does not.</summary>
    public string? FindHalt(string follower)
    {
        using var rows = _halt.Bind(1, follower).Query();
        return _halt.Step() ? _halt.TextOrNull(0) : null;
    }

    private static List<DeadLetter> Read(PreparedStatement statement)
    {
        using var rows = statement.Query();
        List<DeadLetter> letters = [];
        while (statement.Step())
        {
            letters.Add(new DeadLetter
            {
                Number = statement.Int64(0),
                Id = statement.Text(1),
                SessionId = statement.Text(2),
                Seq = statement.Int64(3),
                Kind = statement.Text(4),
                At = new DateTime(statement.Int64(5), DateTimeKind.Utc),
                Tries = (int)statement.Int64(6),
                Reason = statement.Text(7),
                Body = statement.Blob(8) ?? [],
            });
        }

        return letters;
    }
}
