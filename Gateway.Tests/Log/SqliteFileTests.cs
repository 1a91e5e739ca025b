using Gateway.Contracts;
using Gateway.Log;
using Gateway.Log.Sqlite;
using Gateway.Log.Sqlite.Connections;
using Gateway.Tests.Infrastructure;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Gateway.Tests.Log;

/// <summary>The file: its folder, its version, what it survives, and what is refused at start.</summary>
public sealed class SqliteFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string File => _folder.At("gateway.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Reopened_file_holds_everything_and_goes_on()
    {
        await using (var log = SqliteLogs.Open(File))
        {
            await log.FillAsync("s-1", 3);
            await log.FinishAsync("s-2", []);
        }

        await using var reopened = SqliteLogs.Open(File);
        Assert.Equal(["s-1"], await reopened.ListUnfinishedAsync(Token));
        await reopened.AppendAsync("s-1", 3, Sample.Tokens("s-1", 3, 1), SessionStatus.Running, Token);
        Assert.Equal([1L, 2L, 3L, 4L], (await reopened.ReadAllAsync("s-1")).Select(e => e.Seq));
        Assert.Equal(Sample.Header("s-1").Fingerprint, (await reopened.CreateAsync(Sample.Header("s-1"), Token))?.Fingerprint);
    }

    [Fact]
    public async Task Second_process_on_the_same_session_fails_instead_of_forking_it()
    {
        await using var first = SqliteLogs.Open(File);
        await using var second = SqliteLogs.Open(File);
        await first.FillAsync("s-1", 2);
        await second.AppendAsync("s-1", 2, [Sample.Token("s-1", 3, "second")], SessionStatus.Paused, Token);

        await Assert.ThrowsAsync<LogConflictException>(() => first.AppendAsync("s-1", 2, [Sample.Token("s-1", 3, "first")], SessionStatus.Running, Token));
        Assert.Equal("second", ((SessionEvent<TokenStream>)(await first.ReadAllAsync("s-1"))[2].Event).Data.Chunk);

        // Who knows the new end may take over, also where the status it knew is an old one.
        await first.AppendAsync("s-1", 3, Sample.Tokens("s-1", 3, 1), SessionStatus.Running, Token);
        Assert.Equal((SessionStatus.Running, 4L), await second.FindAsync("s-1", Token) is { } entry ? (entry.Status, entry.LastSeq) : default);
    }

    [Fact]
    public async Task Missing_folders_are_created()
    {
        var path = _folder.At("a/b/gateway.db");
        await using (var log = SqliteLogs.Open(path)) await log.FillAsync("s-1", 1);

        Assert.True(System.IO.File.Exists(path));
    }

    [Fact]
    public async Task Version_1_file_opens_with_all_it_holds()
    {
        var script = await System.IO.File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Log", "version-1.sql"), Token);
        using (var connection = SqliteLogs.Connect(File)) connection.Execute(script);

        await using var log = SqliteLogs.Open(File);

        Assert.Equal(["s-2"], await log.ListUnfinishedAsync(Token));
        Assert.Equal(["s-2", "s-1"], (await log.ListAsync(new SessionQuery(null, null, 10), Token)).Sessions.Select(s => s.SessionId));
        var entry = await log.FindAsync("s-1", Token);
        Assert.Equal(("debate", "Is it worth it?", SessionStatus.Completed, 4L), (entry!.Header.WorkflowId, entry.Header.Input, entry.Status, entry.LastSeq));
        Assert.Equal(["start", "end"], entry.Header.Workflow.Nodes!.Keys);
        Assert.Equal(Sample.Token("s-1", 3, "llo") with { MergedFrom = 2 }, (await log.ReadAsync("s-1", 1, 1, Token))[0].Event);
        Assert.Equal(Sample.Token("s-1", 3, "o"), (await log.ReadAsync("s-1", 2, 1, Token))[0].Event);
        await log.AppendAsync("s-2", 1, Sample.Tokens("s-2", 1, 1), SessionStatus.Running, Token);
        Assert.Equal(2, (await log.ReadAllAsync("s-2")).Count);
    }

    [Fact]
    public async Task File_of_every_version_ends_with_the_schema_of_a_new_file()
    {
        var old = _folder.At("old.db");
        var script = await System.IO.File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Log", "version-1.sql"), Token);
        using (var connection = SqliteLogs.Connect(old)) connection.Execute(script);
        await SqliteLogs.Open(old).DisposeAsync();
        await SqliteLogs.Open(File).DisposeAsync();

        Assert.Equal(Schema(File), Schema(old));
    }

    [Fact]
    public async Task File_of_a_newer_version_is_refused_and_left_as_it_is()
    {
        await SqliteLogs.Open(File).DisposeAsync();
        using (var connection = SqliteLogs.Connect(File)) connection.Execute("PRAGMA user_version = 99");

        var refusal = Assert.Throws<StorageException>(() => SqliteLogs.Open(File));

        Assert.Contains(File, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("newer version", refusal.Message, StringComparison.Ordinal);
        using var after = SqliteLogs.Connect(File);
        Assert.Equal(99, after.Number("PRAGMA user_version"));
    }

    [Theory]
    [InlineData("PRAGMA user_version = -1", "version is -1")]
    [InlineData("DROP TABLE probe", "does not have the tables")]
    public async Task File_that_does_not_hold_what_its_version_says_is_refused_with_a_sentence(string damage, string reason)
    {
        await SqliteLogs.Open(File).DisposeAsync();
        using (var connection = SqliteLogs.Connect(File)) connection.Execute(damage);

        var refusal = Assert.Throws<StorageException>(() => SqliteLogs.Open(File));

        Assert.Contains(File, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Gateway:Storage:Path", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Database_of_another_program_is_refused_and_left_as_it_is()
    {
        using (var connection = SqliteLogs.Connect(File)) connection.Execute("CREATE TABLE recipes (name TEXT)");
        var before = System.IO.File.ReadAllBytes(File);

        var refusal = Assert.Throws<StorageException>(() => SqliteLogs.Open(File));

        Assert.Contains(File, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("another program", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
    }

    [Fact]
    public void File_that_is_no_database_is_refused_and_left_as_it_is()
    {
        var text = string.Concat(Enumerable.Repeat("This is a shopping list. ", 1000));
        System.IO.File.WriteAllText(File, text);

        var refusal = Assert.Throws<StorageException>(() => SqliteLogs.Open(File));

        Assert.Contains(File, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("not a SQLite database", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(text, System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void Folder_in_place_of_the_file_is_refused_with_a_sentence()
    {
        Directory.CreateDirectory(File);

        var refusal = Assert.Throws<StorageException>(() => SqliteLogs.Open(File));

        Assert.Contains(File, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 2)]
    public async Task Durability_decides_whether_a_commit_waits_for_the_disk(bool power, long synchronous)
    {
        var seen = -1L;
        var options = new SqliteLogOptions { Path = File, Durability = power ? LogDurability.Power : LogDurability.Process, WriterOpened = connection => seen = connection.Number("PRAGMA synchronous") };
        await using var log = new SqliteSessionLog(options, NullLogger<SqliteSessionLog>.Instance);
        await log.FillAsync("s-1", 1);

        Assert.Equal(synchronous, seen);
    }

    [Fact]
    public async Task Events_of_a_deleted_session_are_removed_in_steps_also_after_a_restart()
    {
        await using (var log = SqliteLogs.Open(File))
        {
            await log.FillAsync("gone", 3000);
            await log.FillAsync("s-1", 0);
        }

        // As a crash between the deletion and the removal leaves it.
        using (var connection = SqliteLogs.Connect(File))
        {
            connection.Execute("BEGIN; INSERT INTO deleted_sessions SELECT number FROM sessions WHERE session_id = 'gone'; DELETE FROM headers WHERE session = 1; DELETE FROM sessions WHERE session_id = 'gone'; COMMIT");
        }

        await using var reopened = SqliteLogs.Open(File);
        // Each commit is followed by a step, so this many commits outlast the removal.
        for (var seq = 0; seq < 20; seq++) await reopened.AppendAsync("s-1", seq, Sample.Tokens("s-1", seq, 1), SessionStatus.Running, Token);

        using var after = SqliteLogs.Connect(File);
        Assert.Equal(0, after.Number("SELECT count(*) FROM events WHERE session = 1"));
        Assert.Equal(0, after.Number("SELECT count(*) FROM deleted_sessions"));
        Assert.Equal(20, (await reopened.ReadAllAsync("s-1")).Count);
    }

    [Theory]
    [InlineData(SqliteQueries.List, "INTEGER PRIMARY KEY")]
    [InlineData(SqliteQueries.ListOfStatus, "sessions_by_status")]
    [InlineData(SqliteQueries.Unfinished, "unfinished_sessions")]
    [InlineData(SqliteQueries.Due, "sessions_to_wake")]
    [InlineData(SqliteQueries.NextDue, "sessions_to_wake")]
    [InlineData(SqliteQueries.Uncompacted, "uncompacted_sessions")]
    [InlineData(SqliteQueries.TooOld, "finished_sessions")]
    [InlineData(SqliteQueries.TooMany, "finished_sessions")]
    [InlineData(SqliteQueries.NewestTooMany, "finished_sessions")]
    public async Task Queries_over_history_use_their_index_and_never_sort(string query, string index)
    {
        var plan = await ExplainAsync("EXPLAIN QUERY PLAN " + query, column: 3);

        Assert.Contains(index, Assert.Single(plan), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_retention_is_to_delete_is_looked_for_beside_the_writer()
    {
        await using var log = new SqliteSessionLog(new SqliteLogOptions { Path = File, BusyTimeout = TimeSpan.FromMilliseconds(1) }, NullLogger<SqliteSessionLog>.Instance);
        await log.FinishAsync("s-1", []);
        using var other = SqliteLogs.Connect(File);
        other.Execute("BEGIN IMMEDIATE");

        // Nothing is too old or too many, and the writer, which would have to wait, is not asked.
        Assert.Empty(await log.DeleteFinishedAsync(Sample.Start.AddDays(-1), 5, 20, Token));
        await Assert.ThrowsAsync<StorageException>(() => log.DeleteFinishedAsync(null, 0, 20, Token));

        other.Execute("ROLLBACK");
        Assert.Equal(["s-1"], await log.DeleteFinishedAsync(null, 0, 20, Token));
    }

    [Fact]
    public async Task A_deletion_by_hand_makes_room_for_one_more()
    {
        await using var log = SqliteLogs.Open(File);
        for (var i = 0; i < 6; i++) await log.FinishAsync($"s-{i}", []);
        Assert.Equal(["s-0"], await log.DeleteFinishedAsync(null, 3, 1, Token));

        Assert.True(await log.DeleteAsync("s-5", Token));

        Assert.Equal(["s-1"], await log.DeleteFinishedAsync(null, 3, 20, Token));
        Assert.Empty(await log.DeleteFinishedAsync(null, 3, 20, Token));
        await log.FinishAsync("s-6", []);
        Assert.Equal(["s-2"], await log.DeleteFinishedAsync(null, 3, 20, Token));
    }

    [Fact]
    public async Task Readers_that_overlap_do_not_make_the_write_ahead_log_grow_for_ever()
    {
        var time = new FakeTimeProvider();
        await using var log = new SqliteSessionLog(new SqliteLogOptions { Path = File, MaxLogBytes = 256 * 1024 }, NullLogger<SqliteSessionLog>.Instance, time: time);
        await log.FillAsync("s-1", 0);
        using var one = SqliteLogs.Connect(File);
        using var other = SqliteLogs.Connect(File);
        Read(one);
        var seq = 0L;
        using var stop = new CancellationTokenSource();

        // At every moment one of the two reads: whoever only tries finds the log in use.
        var reading = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Read(other);
                one.Execute("COMMIT");
                Read(one);
                other.Execute("COMMIT");
            }
        }, Token);
        for (; Length() <= 512 * 1024; seq += 100) await log.AppendAsync("s-1", seq, Sample.Tokens("s-1", seq, 100), SessionStatus.Running, Token);
        await Wait.For(Task.Run(async () =>
        {
            while (Length() > 256 * 1024)
            {
                time.Advance(TimeSpan.FromSeconds(1));
                await log.AppendAsync("s-1", seq++, Sample.Tokens("s-1", seq - 1, 1), SessionStatus.Running, Token);
            }
        }, Token), "the write-ahead log to begin anew");

        await stop.CancelAsync();
        await reading;
        one.Execute("COMMIT");
        Assert.Equal(seq, (await log.FindAsync("s-1", Token))!.LastSeq);

        static void Read(SqliteConnection connection)
        {
            connection.Execute("BEGIN");
            connection.Number("SELECT count(*) FROM sessions");
        }

        long Length() => new FileInfo(File + "-wal").Length;
    }

    [Fact]
    public async Task Append_builds_no_tables_in_memory()
    {
        var steps = await ExplainAsync("EXPLAIN " + WriterConnection.AdvanceSql, column: 1);

        Assert.Contains("Insert", steps);
        Assert.DoesNotContain("OpenEphemeral", steps);
    }

    private async Task<List<string>> ExplainAsync(string sql, int column)
    {
        await SqliteLogs.Open(File).DisposeAsync();
        using var connection = SqliteLogs.Connect(File);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 1; i <= 5; i++) command.Parameters.AddWithValue($"?{i}", 0);
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add(reader.GetString(column));
        return rows;
    }

    private static List<string> Schema(string path)
    {
        using var connection = SqliteLogs.Connect(path);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name";
        using var reader = command.ExecuteReader();
        var lines = new List<string> { $"version {connection.Number("PRAGMA user_version")}, mark {connection.Number("PRAGMA application_id")}" };
        while (reader.Read()) lines.Add($"{reader.GetString(0)}: {string.Join(' ', reader.GetString(1).Split('\n').Select(l => l.Split("--")[0].Trim()))}");
        return lines;
    }
}
