using Gateway.Contracts;
using Gateway.Log;
using Gateway.Log.Sqlite;
using Gateway.Tests.Infrastructure;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Gateway.Tests.Log;

/// <summary>What goes wrong with a disk and a file: no crash, no silent loss, and well again once the cause is gone.</summary>
public sealed class SqliteFaultTests : IDisposable
{
    private const int CannotWrite = LogEvents.SqliteFailing;

    private readonly TempFolder _folder = new();
    private readonly TestLog _logger = new();
    private SqliteConnection? _writer;
    private volatile bool _isReadOnly;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string File => _folder.At("gateway.db");

    public void Dispose()
    {
        _folder.Dispose();
        _logger.Check();
        _logger.Dispose();
    }

    [Fact]
    public async Task Full_disk_refuses_appends_keeps_what_was_committed_and_heals()
    {
        _logger.Announce(CannotWrite);
        await using var log = Open();
        await log.FillAsync("s-1", 3);
        LimitPages(extra: 100);

        StorageException? failure = null;
        var seq = 3L;
        while (failure is null)
        {
            failure = (StorageException?)await Record.ExceptionAsync(() => log.AppendAsync("s-1", seq, [Sample.Token("s-1", seq + 1, new string('x', 50_000))], SessionStatus.Running, Token));
            if (failure is null) seq++;
        }

        Assert.Contains("disk is full", failure.Message, StringComparison.Ordinal);
        Assert.Contains(File, failure.Message, StringComparison.Ordinal);
        Assert.Equal(failure.Message.Replace(File, Path.GetFileName(File), StringComparison.Ordinal), log.LastError);
        Assert.False(await log.ProbeAsync(Token));
        Assert.Equal(seq, (await log.ReadAllAsync("s-1")).Count);
        Assert.Equal(seq, (await log.FindAsync("s-1", Token))?.LastSeq);

        LimitPages(extra: 10_000);
        Assert.True(await log.ProbeAsync(Token));
        Assert.Null(log.LastError);
        await log.AppendAsync("s-1", seq, Sample.Tokens("s-1", seq, 1), SessionStatus.Running, Token);
        Assert.Equal(seq + 1, (await log.ReadAllAsync("s-1")).Count);
    }

    [Fact]
    public async Task Ready_is_what_takes_a_new_session_wherever_the_file_is_damaged()
    {
        _logger.Announce(CannotWrite);
        await using (var log = Open())
        {
            for (var i = 0; i < 20; i++) await log.FillAsync($"s-{i}", 20);
        }

        var good = await System.IO.File.ReadAllBytesAsync(File, Token);
        const int page = 4096;
        var damaged = 0;
        for (var at = page; at < good.Length; at += page)
        {
            foreach (var leftover in (string[])[File, File + "-wal", File + "-shm"]) System.IO.File.Delete(leftover);
            byte[] bad = [.. good];
            bad.AsSpan(at, page).Fill(0xA5);
            await System.IO.File.WriteAllBytesAsync(File, bad, Token);
            try
            {
                await using var log = Open();
                var isReady = await log.ProbeAsync(Token);
                var refused = await Record.ExceptionAsync(() => log.FillAsync("s-new", 1));
                if (refused is not null) damaged++;
                Assert.False(isReady && refused is StorageException, $"With page {(at / page) + 1} damaged it is ready, but: {refused?.Message}");
            }
            catch (StorageException)
            {
                // Some damage keeps it from being opened at all.
            }
        }

        Assert.InRange(damaged, 2, int.MaxValue);
    }

    [Fact]
    public async Task Append_that_does_not_fit_does_not_fail_those_that_share_its_commit()
    {
        _logger.Announce(CannotWrite);
        await using var log = Open(TimeSpan.FromSeconds(30));
        for (var i = 0; i < 10; i++) await log.FillAsync($"s-{i}", 1);
        LimitPages(extra: 60);
        using var locker = Lock();

        // The first occupies the writer, which waits for the lock; the others share the commit after it.
        var first = log.AppendAsync("s-0", 1, Sample.Tokens("s-0", 1, 1), SessionStatus.Running, Token);
        var big = log.AppendAsync("s-1", 1, [Sample.Token("s-1", 2, new string('x', 1_000_000))], SessionStatus.Running, Token);
        var small = Enumerable.Range(2, 8).Select(i => log.AppendAsync($"s-{i}", 1, Sample.Tokens($"s-{i}", 1, 1), SessionStatus.Running, Token)).ToList();
        locker.Execute("ROLLBACK");

        await Wait.For(Task.WhenAll([first, .. small]), "the small appends");
        await Assert.ThrowsAsync<StorageException>(() => big);
        Assert.Single(await log.ReadAllAsync("s-1"));
        for (var i = 2; i < 10; i++) Assert.Equal(2, (await log.ReadAllAsync($"s-{i}")).Count);
    }

    [Fact]
    public async Task Locked_file_refuses_appends_while_readers_go_on_and_heals()
    {
        _logger.Announce(CannotWrite);
        await using var log = Open();
        await log.FillAsync("s-1", 2);
        using var locker = Lock();

        var append = log.AppendAsync("s-1", 2, Sample.Tokens("s-1", 2, 1), SessionStatus.Running, Token);
        Assert.Equal(2, (await log.ReadAllAsync("s-1")).Count);
        var failure = await Assert.ThrowsAsync<StorageException>(() => Wait.For(append, "the refusal of the append"));

        Assert.Contains("locked", failure.Message, StringComparison.Ordinal);
        Assert.NotNull(log.LastError);
        locker.Execute("ROLLBACK");
        await log.AppendAsync("s-1", 2, Sample.Tokens("s-1", 2, 1), SessionStatus.Running, Token);
        Assert.Equal(3, (await log.ReadAllAsync("s-1")).Count);
        Assert.Null(log.LastError);
    }

    [Fact]
    public async Task Append_waits_for_a_short_lock()
    {
        await using var log = Open(TimeSpan.FromSeconds(30));
        await log.FillAsync("s-1", 2);
        using var locker = Lock();

        var append = log.AppendAsync("s-1", 2, Sample.Tokens("s-1", 2, 1), SessionStatus.Running, Token);
        locker.Execute("ROLLBACK");

        await Wait.For(append, "the append after the lock");
        Assert.Equal(3, (await log.ReadAllAsync("s-1")).Count);
    }

    [Fact]
    public async Task Read_only_file_refuses_appends_and_heals_by_itself()
    {
        _logger.Announce(CannotWrite);
        await using var log = Open();
        await log.FillAsync("s-1", 2);
        BecomeReadOnly();

        for (var i = 0; i < 3; i++)
        {
            var failure = await Assert.ThrowsAsync<StorageException>(() => log.AppendAsync("s-1", 2, Sample.Tokens("s-1", 2, 1), SessionStatus.Running, Token));
            Assert.Contains("read-only", failure.Message, StringComparison.Ordinal);
            Assert.Equal(2, (await log.ReadAllAsync("s-1")).Count);
        }

        _isReadOnly = false;
        await log.AppendAsync("s-1", 2, Sample.Tokens("s-1", 2, 1), SessionStatus.Running, Token);
        Assert.Equal(3, (await log.ReadAllAsync("s-1")).Count);
    }

    [Fact]
    public async Task Lasting_failure_is_logged_once_and_so_is_its_end()
    {
        _logger.Announce(CannotWrite);
        await using var log = Open();
        await log.FillAsync("s-1", 2);
        BecomeReadOnly();
        for (var i = 0; i < 3; i++) await Assert.ThrowsAsync<StorageException>(() => log.AppendAsync("s-1", 2, Sample.Tokens("s-1", 2, 1), SessionStatus.Running, Token));
        _isReadOnly = false;
        await log.AppendAsync("s-1", 2, Sample.Tokens("s-1", 2, 1), SessionStatus.Running, Token);

        Assert.Equal([(LogLevel.Information, LogEvents.SqliteOpened), (LogLevel.Error, CannotWrite), (LogLevel.Information, LogEvents.SqliteWorksAgain)], _logger.Entries.Select(e => (e.Level, e.Id)));
    }

    [Fact]
    public async Task Lost_file_is_not_replaced_by_an_empty_one()
    {
        _logger.Announce(CannotWrite);
        await using var log = Open();
        await log.FillAsync("s-1", 2);
        BecomeReadOnly();
        await Assert.ThrowsAsync<StorageException>(() => log.AppendAsync("s-1", 2, Sample.Tokens("s-1", 2, 1), SessionStatus.Running, Token));
        _isReadOnly = false;
        foreach (var file in Directory.GetFiles(_folder.Path)) System.IO.File.Delete(file);

        var failure = await Assert.ThrowsAsync<StorageException>(() => log.AppendAsync("s-1", 2, Sample.Tokens("s-1", 2, 1), SessionStatus.Running, Token));

        Assert.Contains("cannot be opened", failure.Message, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public async Task Damaged_page_fails_its_session_only()
    {
        await using (var log = Open())
        {
            await log.FillAsync("good", 0);
            await log.FillAsync("bad", 0);
            await log.AppendAsync("bad", 0, [.. Enumerable.Range(1, 300).Select(i => Sample.Token("bad", i, $"damage-me-{i}."))], SessionStatus.Running, Token);
            await log.AppendAsync("good", 0, Sample.Tokens("good", 0, 300), SessionStatus.Running, Token);
        }

        const int PageSize = 4096;
        Overwrite("damage-me-150."u8, (file, at) => file.AsSpan(at / PageSize * PageSize, PageSize).Fill(0xFF));

        await using var reopened = Open();
        Assert.Equal(["good", "bad"], await reopened.ListUnfinishedAsync(Token));
        var damage = await Assert.ThrowsAsync<DamagedLogException>(() => reopened.ReadAllAsync("bad"));
        Assert.Contains("'bad'", damage.Message, StringComparison.Ordinal);
        Assert.Equal(300, (await reopened.ReadAllAsync("good")).Count);
        await reopened.AppendAsync("good", 300, Sample.Tokens("good", 300, 1), SessionStatus.Running, Token);
        Assert.Equal(301, (await reopened.ReadAllAsync("good")).Count);

        // It can be deleted; that its events cannot be removed does no harm to others.
        Assert.True(await reopened.DeleteAsync("bad", Token));
        for (var seq = 301; seq < 310; seq++) await reopened.AppendAsync("good", seq, Sample.Tokens("good", seq, 1), SessionStatus.Running, Token);
        Assert.Equal(["good"], await reopened.ListUnfinishedAsync(Token));
        Assert.Null(reopened.LastError);
        Assert.Single(_logger.Entries, e => e is { Level: LogLevel.Warning, Id: LogEvents.SqliteNotPurged });
    }

    [Fact]
    public async Task Damaged_event_is_told_apart_from_its_whole_neighbours()
    {
        await using (var log = Open()) await log.FillAsync("s-1", 5);
        Overwrite("token 3 "u8, (file, at) => "\"}}}}\"}}"u8.CopyTo(file.AsSpan(at)));

        await using var reopened = Open();
        var events = await reopened.ReadAsync("s-1", 0, 10, Token);

        Assert.Equal([1L, 2L], events.Select(e => e.Seq));
        await Assert.ThrowsAsync<DamagedLogException>(() => reopened.ReadAsync("s-1", 2, 10, Token));
        Assert.Equal([4L, 5L], (await reopened.ReadAsync("s-1", 3, 10, Token)).Select(e => e.Seq));
    }

    [Theory]
    [InlineData("DELETE FROM events WHERE seq = 3", 0, 2)]
    [InlineData("DELETE FROM events WHERE seq = 5", 0, 4)]
    [InlineData("DELETE FROM events WHERE seq = 5", 4, 4)]
    [InlineData("UPDATE events SET parts = x'010203' WHERE seq = 4", 0, 3)]
    [InlineData("UPDATE events SET parts = x'ffff' WHERE seq = 4", 0, 3)]
    [InlineData("UPDATE events SET parts = x'7f7f7f' WHERE seq = 4", 2, 3)]
    public async Task Missing_events_are_noticed_not_skipped(string damage, long afterSeq, long goodUpTo)
    {
        await using var log = Open();
        await log.FillAsync("s-1", 5);
        using (var connection = SqliteLogs.Connect(File)) connection.Execute(damage);

        var seq = afterSeq;
        await Assert.ThrowsAsync<DamagedLogException>(async () =>
        {
            while (true) seq = (await log.ReadAsync("s-1", seq, 10, Token))[^1].Seq;
        });
        Assert.Equal(goodUpTo, seq);
    }

    [Theory]
    [InlineData("x'ff00ee'")]
    [InlineData("CAST('{\"event\":' AS BLOB)")]
    [InlineData("CAST('null' AS BLOB)")]
    [InlineData("CAST('[]' AS BLOB)")]
    [InlineData("CAST('{}' AS BLOB)")]
    [InlineData("CAST(replace(CAST(frame AS TEXT), '\"seq\":3', '\"seq\":4') AS BLOB)")]
    [InlineData("CAST(replace(CAST(frame AS TEXT), '\"timestamp\":\"2', '\"timestamp\":\"x') AS BLOB)")]
    [InlineData("CAST(CAST(frame AS TEXT) || '}' AS BLOB)")]
    [InlineData("CAST(replace(CAST(frame AS TEXT), '\"data\":{', '\"other\":{') AS BLOB)")]
    public async Task What_is_no_frame_is_not_read_and_what_comes_before_it_is(string frame)
    {
        await using var log = Open();
        await log.FillAsync("s-1", 5);
        using (var connection = SqliteLogs.Connect(File)) connection.Execute($"UPDATE events SET frame = {frame} WHERE seq = 3");

        Assert.Equal([1L, 2L], (await log.ReadAsync("s-1", 0, 10, Token)).Select(e => e.Seq));
        await Assert.ThrowsAsync<DamagedLogException>(() => log.ReadAsync("s-1", 2, 10, Token));
    }

    [Fact]
    public async Task Rows_behind_the_end_of_a_log_are_its_own_trouble_and_can_be_mended()
    {
        await using var log = Open();
        await log.FillAsync("s-1", 5);
        using (var connection = SqliteLogs.Connect(File)) connection.Execute("UPDATE sessions SET last_seq = 3");

        Assert.Equal([1L, 2L, 3L], (await log.ReadAsync("s-1", 0, 10, Token)).Select(e => e.Seq));
        await Assert.ThrowsAsync<DamagedLogException>(() => log.ReadAsync("s-1", 3, 10, Token));
        await Assert.ThrowsAsync<DamagedLogException>(() => log.AppendAsync("s-1", 3, Sample.Tokens("s-1", 3, 1), SessionStatus.Running, Token));
        Assert.Null(log.LastError);
        Assert.DoesNotContain(_logger.Entries, e => e.Level == LogLevel.Error);

        Assert.True(await log.MendAsync("s-1", null, Token));
        Assert.Equal(5, (await log.FindAsync("s-1", Token))!.LastSeq);
        await log.AppendAsync("s-1", 5, Sample.Tokens("s-1", 5, 1), SessionStatus.Running, Token);
        Assert.Equal(6, (await log.ReadAllAsync("s-1")).Count);
        Assert.True(await log.MendAsync("s-1", SessionStatus.Completed, Token));
        Assert.Empty(await log.ListUnfinishedAsync(Token));
        Assert.False(await log.MendAsync("s-2", null, Token));
    }

    [Fact]
    public async Task Damaged_header_fails_only_who_asks_for_it()
    {
        await using var log = Open();
        await log.FillAsync("s-1", 2);
        using (var connection = SqliteLogs.Connect(File)) connection.Execute("UPDATE headers SET header = x'7b7b'");

        var entry = await log.FindAsync("s-1", Token);
        Assert.Equal(2, entry!.LastSeq);
        Assert.Throws<DamagedLogException>(() => entry.Header);
        await Assert.ThrowsAsync<DamagedLogException>(() => log.CreateAsync(Sample.Header("s-1"), Token));
        Assert.Single((await log.ListAsync(new SessionQuery(null, null, 10), Token)).Sessions);
        Assert.Equal(2, (await log.ReadAllAsync("s-1")).Count);
    }

    [Fact]
    public async Task Damaged_finished_session_does_not_stop_compaction()
    {
        await using var log = Open();
        await log.FinishAsync("bad", Sample.Tokens("bad", 0, 5));
        await log.FinishAsync("good", Sample.Tokens("good", 0, 5));
        using (var connection = SqliteLogs.Connect(File)) connection.Execute("UPDATE events SET frame = x'7b7b' WHERE seq = 3 AND session = (SELECT number FROM sessions WHERE session_id = 'bad')");

        Assert.Equal(2, await log.CompactAsync(10, Token));

        Assert.Equal(2, (await log.ReadAllAsync("good")).Count);
        using (var connection = SqliteLogs.Connect(File)) Assert.Equal(6, connection.Number("SELECT count(*) FROM events WHERE session = (SELECT number FROM sessions WHERE session_id = 'bad')"));
        Assert.Single(_logger.Entries, e => e.Id == LogEvents.SqliteNotCompacted);
    }

    [Fact]
    public async Task Closed_log_refuses_instead_of_hanging()
    {
        var log = Open();
        await log.FillAsync("s-1", 2);
        await log.DisposeAsync();
        await log.DisposeAsync();

        await Assert.ThrowsAsync<StorageException>(() => log.AppendAsync("s-1", 2, Sample.Tokens("s-1", 2, 1), SessionStatus.Running, Token));
        await Assert.ThrowsAsync<StorageException>(() => log.ReadAsync("s-1", 0, 10, Token));
    }

    private SqliteSessionLog Open(TimeSpan? busyTimeout = null) => SqliteLogs.Open(File, OnWriterOpened, busyTimeout, _logger.For<SqliteSessionLog>());

    private void OnWriterOpened(SqliteConnection connection)
    {
        _writer = connection;
        if (_isReadOnly) connection.Execute("PRAGMA query_only = ON");
    }

    private void BecomeReadOnly()
    {
        _isReadOnly = true;
        _writer!.Execute("PRAGMA query_only = ON");
    }

    // A full disk, as SQLite knows it: the file may have so many pages more.
    private void LimitPages(long extra) => _writer!.Execute($"PRAGMA max_page_count = {_writer!.Number("PRAGMA page_count") + extra}");

    private SqliteConnection Lock()
    {
        var connection = SqliteLogs.Connect(File);
        connection.Execute("BEGIN EXCLUSIVE");
        return connection;
    }

    private void Overwrite(ReadOnlySpan<byte> marker, Action<byte[], int> change)
    {
        var file = System.IO.File.ReadAllBytes(File);
        var at = file.AsSpan().IndexOf(marker);
        Assert.True(at >= 0, "The event to damage is not in the file.");
        change(file, at);
        System.IO.File.WriteAllBytes(File, file);
    }
}
