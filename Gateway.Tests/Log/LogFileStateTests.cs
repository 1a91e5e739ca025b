using System.Diagnostics;
using Gateway.Contracts;
using Gateway.Log;
using Gateway.Log.Sqlite;
using Gateway.Log.Sqlite.Connections;
using Gateway.Tests.Crash;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Gateway.Tests.Log;

/// <summary>The file is found by whatever name, noticed when it goes, and kept from others.</summary>
public sealed class LogFileStateTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestLog _log = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Path => _folder.At("gateway.db");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_second_name_of_the_file_does_not_let_a_second_gateway_in(bool isHardLink)
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("The lock inside the file is Linux's.");
        var other = _folder.At("other/name.db");
        Directory.CreateDirectory(_folder.At("other"));
        await using var first = await Gateways.StartAsync(Path, new GatedModels());
        if (isHardLink) await RunAsync("ln", Path, other);
        else File.CreateSymbolicLink(other, Path);

        var refusal = Assert.Throws<StorageException>(() => LogFileLock.Take(other, TimeSpan.Zero, TimeProvider.System, NullLogger.Instance));

        Assert.Contains("Another gateway has the session log", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lock_file_that_may_only_be_read_still_locks()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("There are no such rights.");
            return;
        }

        _folder.Write("gateway.db.lock", "");
        File.SetUnixFileMode(Path + ".lock", UnixFileMode.UserRead);

        using var first = Take();

        Assert.Throws<StorageException>(Take);
    }

    [Fact]
    public void A_file_that_cannot_be_locked_is_refused()
    {
        Directory.CreateDirectory(Path + ".lock");

        var refusal = Assert.Throws<StorageException>(Take);

        Assert.Contains("cannot be locked against a second gateway", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_moved_over_the_open_one_is_noticed_and_left_alone()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Files are told apart as on Linux.");
        await using (var log = SqliteLogs.Open(Path)) await log.FillAsync("backup", 3);
        File.Copy(Path, _folder.At("backup.db"));
        var open = Open();
        await open.FillAsync("live", 3);

        File.Move(_folder.At("backup.db"), Path, overwrite: true);

        await Assert.ThrowsAsync<StorageException>(() => open.CreateAsync(Sample.Header("lost"), Token));
        await Assert.ThrowsAsync<StorageException>(() => open.AppendAsync("live", 3, Sample.Tokens("live", 3, 1), SessionStatus.Running, Token));
        Assert.False(await open.ProbeAsync(Token));
        Assert.Equal("The session log gateway.db has been replaced by another file", open.LastError?.Split(" while ")[0]);
        await open.DisposeAsync();

        await using var next = SqliteLogs.Open(Path);
        Assert.Equal(["backup"], await next.ListUnfinishedAsync(Token));
        using var connection = SqliteLogs.Connect(Path);
        Assert.Equal(1, connection.Number("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"));
    }

    [Fact]
    public async Task A_file_that_is_put_back_is_used_again()
    {
        await using var open = Open();
        File.Move(Path, _folder.At("away.db"));
        await Assert.ThrowsAsync<StorageException>(() => open.CreateAsync(Sample.Header("lost"), Token));

        File.Move(_folder.At("away.db"), Path);

        Assert.True(await open.ProbeAsync(Token));
        await open.FillAsync("s-1", 1);
    }

    [Fact]
    public async Task An_old_write_ahead_log_is_not_read_into_a_restored_file()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Files are told apart as on Linux.");
        await using (var log = SqliteLogs.Open(Path)) await log.FillAsync("backup", 3);
        File.Copy(Path, _folder.At("backup.db"));
        await KillAsync();

        File.Move(_folder.At("backup.db"), Path, overwrite: true);

        await using var next = Open();
        Assert.Equal(["backup"], await next.ListUnfinishedAsync(Token));
        Assert.Contains(_log.Entries, entry => entry.Level == LogLevel.Warning && entry.Text.Contains("are put aside", StringComparison.Ordinal));
        Assert.True(File.Exists(Path + "-wal.aside"));
    }

    [Fact]
    public async Task What_was_put_aside_stays_when_a_file_is_restored_once_more()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Files are told apart as on Linux.");
        var backup = await BackupAsync();
        for (var i = 1; i <= 3; i++)
        {
            await KillAsync();
            await File.WriteAllBytesAsync(_folder.At("backup.db"), backup, Token);
            File.Move(_folder.At("backup.db"), Path, overwrite: true);
            foreach (var kept in Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!, "*.kept")) File.Delete(kept);
            foreach (var kept in Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!, "*.state")) File.Delete(kept);
            await using var next = Open();
            Assert.Equal(["backup"], await next.ListUnfinishedAsync(Token));
            Assert.Equal(i, Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!, "*.aside*").Length);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("none/")]
    public void A_folder_is_no_file(string name)
    {
        var refusal = Assert.Throws<StorageException>(() => Open(_folder.At(name)));
        Assert.Contains("is a folder; give Gateway:Storage:Path a file in it", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_copied_into_the_file_is_not_wrecked_by_an_old_write_ahead_log()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Files are told apart as on Linux.");
        var backup = await BackupAsync();
        await KillAsync(sessions: 40);

        // As cp does: the same file, with other bytes.
        await File.WriteAllBytesAsync(Path, backup, Token);

        await using (var next = Open())
        {
            Assert.Equal(["backup"], await next.ListUnfinishedAsync(Token));
            Assert.Contains(_log.Entries, entry => entry.Level == LogLevel.Warning && entry.Text.Contains("was overwritten", StringComparison.Ordinal));
            await next.FillAsync("after", 3);
        }

        Assert.True(File.Exists(Path + "-wal.aside"));
        Assert.True(IsWhole());
    }

    [Fact]
    public async Task A_backup_copied_into_the_open_file_is_noticed_and_left_alone()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Files are told apart as on Linux.");
        var backup = await BackupAsync();
        var time = new FakeTimeProvider();
        var open = Open(time: time);
        await FillAndCheckpointAsync(open, time, 40);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(open.LastError);

        await File.WriteAllBytesAsync(Path, backup, Token);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("The session log gateway.db has been overwritten by another program", open.LastError?.Split(" while ")[0]);
        await Assert.ThrowsAsync<StorageException>(() => open.CreateAsync(Sample.Header("lost"), Token));
        await open.DisposeAsync();

        await using (var next = Open()) Assert.Equal(["backup"], await next.ListUnfinishedAsync(Token));
        Assert.True(IsWhole());
    }

    // Whatever SQLite does by itself is no overwriting: uses of the write-ahead log that end at once, in the middle, or never.
    [Fact]
    public async Task A_killed_gateway_is_taken_for_one_wherever_it_was_killed()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Files are told apart as on Linux.");
        var time = new FakeTimeProvider();
        for (var round = 0; round < 12; round++)
        {
            var log = Open(time: time);
            for (var i = 0; i <= round % 4; i++)
            {
                await log.FillAsync($"s-{round}-{i}", 20);
                if (round % 3 == 1) time.Advance(TimeSpan.FromSeconds(1));
                if ((round + i) % 2 == 0) Checkpoint(i % 2 == 0 ? "PASSIVE" : "TRUNCATE");
                if (round % 3 == 2) time.Advance(TimeSpan.FromSeconds(1));
            }

            var left = await LeaveAsync(log);
            left();
        }

        await using var last = Open();
        Assert.Equal(30, (await last.ListUnfinishedAsync(Token)).Count);
        Assert.DoesNotContain(_log.Entries, entry => entry.Level == LogLevel.Warning);
        Assert.False(File.Exists(Path + "-wal.aside"));
    }

    [Fact]
    public async Task A_copy_of_all_files_holds_everything_and_one_without_the_write_ahead_log_is_told()
    {
        await KillAsync();
        Directory.CreateDirectory(_folder.At("whole"));
        foreach (var file in Directory.GetFiles(_folder.Path)) File.Copy(file, System.IO.Path.Combine(_folder.At("whole"), System.IO.Path.GetFileName(file)));
        File.Copy(Path, _folder.At("alone.db"));
        Directory.CreateDirectory(_folder.At("half"));
        foreach (var name in (string[])["gateway.db", "gateway.db.lock"]) File.Copy(_folder.At(name), System.IO.Path.Combine(_folder.At("half"), name));

        await using (var whole = Open(_folder.At("whole/gateway.db")))
        {
            Assert.Equal(["live"], await whole.ListUnfinishedAsync(Token));
            Assert.DoesNotContain(_log.Entries, entry => entry.Level == LogLevel.Warning);
        }

        await using var half = Open(_folder.At("half/gateway.db"));
        Assert.Contains(_log.Entries, entry => entry.Level == LogLevel.Warning && entry.Text.Contains("its newest events are missing", StringComparison.Ordinal));
        await using var alone = Open(_folder.At("alone.db"));
        Assert.Contains(_log.Entries, entry => entry.Level == LogLevel.Information && entry.Text.Contains("its newest events are missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_log_that_was_closed_in_order_is_whole_without_anything_beside_it()
    {
        await using (var log = Open()) await log.FillAsync("s-1", 3);
        Assert.False(File.Exists(Path + "-wal"));
        File.Copy(Path, _folder.At("copy.db"));

        await using var copy = Open(_folder.At("copy.db"));

        Assert.Equal(["s-1"], await copy.ListUnfinishedAsync(Token));
        Assert.DoesNotContain(_log.Entries, entry => entry.Level == LogLevel.Warning);
    }

    [Fact]
    public async Task Only_its_user_may_read_it()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("There are no such rights.");
            return;
        }

        await using (var log = SqliteLogs.Open(Path)) await log.FillAsync("s-1", 1);
        File.SetUnixFileMode(Path, (UnixFileMode)0b110_100_100);

        await using var reopened = Open();
        await reopened.FillAsync("s-2", 1);

        foreach (var file in Directory.GetFiles(_folder.Path)) Assert.Equal((file, UnixFileMode.UserRead | UnixFileMode.UserWrite), (file, File.GetUnixFileMode(file)));
        Assert.Equal(4, Directory.GetFiles(_folder.Path).Length);
    }

    [Fact]
    public async Task Deleted_text_is_gone_from_all_files()
    {
        const string Secret = "the secret of the deleted session";
        await using var log = Open();
        await log.CreateAsync(Sample.Header("s-1"), Token);
        await log.CreateAsync(Sample.Header("s-2"), Token);
        for (var seq = 0; seq < 600; seq++) await log.AppendAsync("s-1", seq, [Sample.Token("s-1", seq + 1, Secret)], SessionStatus.Running, Token);
        Assert.True(Holds(Secret));

        await log.DeleteAsync("s-1", Token);

        // It goes in steps behind the writes that follow, and with the last step.
        var seq2 = 0;
        var until = TimeProvider.System.GetTimestamp();
        while (Holds(Secret) && TimeProvider.System.GetElapsedTime(until) < Wait.Limit) await log.AppendAsync("s-2", seq2++, Sample.Tokens("s-2", seq2 - 1, 1), SessionStatus.Running, Token);
        Assert.False(Holds(Secret));
    }

    [Fact]
    public async Task A_disk_that_fills_refuses_starts_and_lets_running_sessions_go_on()
    {
        using (var held = Take())
        {
            await using var log = new SqliteSessionLog(new SqliteLogOptions { Path = Path, ReserveBytes = 0 }, NullLogger<SqliteSessionLog>.Instance, held);
            await log.FillAsync("s-1", 1);
        }

        await using var full = new SqliteSessionLog(new SqliteLogOptions { Path = Path, ReserveBytes = long.MaxValue }, NullLogger<SqliteSessionLog>.Instance);

        var refusal = await Assert.ThrowsAsync<StorageException>(() => full.CreateAsync(Sample.Header("s-2"), Token));
        await full.AppendAsync("s-1", 1, Sample.Tokens("s-1", 1, 1), SessionStatus.Completed, Token);

        Assert.Contains("Ask whoever runs the gateway", refusal.ForClients, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.Path, refusal.ForClients, StringComparison.Ordinal);
        Assert.True(await full.ProbeAsync(Token));
    }

    private SqliteSessionLog Open(string? path = null, TimeProvider? time = null)
    {
        var file = path ?? Path;
        return new SqliteSessionLog(new SqliteLogOptions { Path = file }, _log.For<SqliteSessionLog>(), LogFileLock.Take(file, TimeSpan.Zero, TimeProvider.System, NullLogger.Instance), time);
    }

    // A session in a file that was closed in order, and then more that a checkpoint has taken into the file.
    private async Task<byte[]> BackupAsync()
    {
        await using (var log = SqliteLogs.Open(Path)) await log.FillAsync("backup", 3);
        return await File.ReadAllBytesAsync(Path, Token);
    }

    private async Task FillAndCheckpointAsync(SqliteSessionLog log, FakeTimeProvider time, int sessions)
    {
        for (var i = 0; i < sessions; i++) await log.FillAsync($"more-{i}", 50);
        Checkpoint("PASSIVE");
        await log.FillAsync("live", 3);

        // A new use of the write-ahead log is noted with the first commit that comes ten milliseconds after the note before.
        time.Advance(TimeSpan.FromMilliseconds(10));
        await log.FillAsync("noted", 1);
    }

    private void Checkpoint(string kind)
    {
        using var connection = SqliteLogs.Connect(Path);
        connection.Execute($"PRAGMA wal_checkpoint({kind})");
    }

    private bool IsWhole()
    {
        using var connection = SqliteLogs.Connect(Path);
        return connection.Number("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'") == 1;
    }

    private LogFileLock Take() => LogFileLock.Take(Path, TimeSpan.Zero, TimeProvider.System, NullLogger.Instance);

    private async Task KillAsync(int sessions = 0)
    {
        var time = new FakeTimeProvider();
        var log = Open(time: time);
        if (sessions == 0) await log.FillAsync("live", 3);
        else await FillAndCheckpointAsync(log, time, sessions);
        (await LeaveAsync(log))();
    }

    // What a killed gateway leaves: copied while it is open, put in the place of what it leaves when it is closed.
    private async Task<Action> LeaveAsync(SqliteSessionLog log)
    {
        string[] left = [Path, Path + "-wal", Path + ".lock"];
        foreach (var file in left) await RunAsync("ln", file, file + ".kept");
        File.Copy(Path, Path + ".state");
        File.Copy(Path + "-wal", Path + "-wal.state");
        await RunAsync("cp", Path + ".lock", Path + ".note");
        var note = await File.ReadAllBytesAsync(Path + ".note", Token);
        File.Delete(Path + ".note");
        await log.DisposeAsync();
        return () => PutBack(left, note);
    }

    private void PutBack(string[] left, byte[] note)
    {
        File.WriteAllBytes(Path + ".kept", File.ReadAllBytes(Path + ".state"));
        File.WriteAllBytes(Path + "-wal.kept", File.ReadAllBytes(Path + "-wal.state"));
        File.WriteAllBytes(Path + ".lock.kept", note);
        foreach (var file in left)
        {
            // Two names of one file: moving the one to the other does nothing.
            File.Move(file + ".kept", file, overwrite: true);
            File.Delete(file + ".kept");
        }

        foreach (var file in (string[])[Path + ".state", Path + "-wal.state"]) File.Delete(file);
    }

    private static async Task RunAsync(string program, string from, string to)
    {
        using var process = Process.Start(program, [from, to]);
        await Wait.For(process.WaitForExitAsync(), program);
    }

    private bool Holds(string text) => Directory.GetFiles(_folder.Path, "gateway.db*").Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)).Any(file =>
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0;
    });
}
