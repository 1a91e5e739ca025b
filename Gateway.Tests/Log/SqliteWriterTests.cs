using System.Collections.Concurrent;
using Gateway.Contracts;
using Gateway.Log;
using Gateway.Log.Sqlite;
using Gateway.Log.Sqlite.Connections;
using Gateway.Tests.Infrastructure;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using SQLitePCL;
using Xunit;

namespace Gateway.Tests.Log;

/// <summary>Which thread commits, what it keeps waiting, and what shares a transaction.</summary>
public sealed class SqliteWriterTests : IDisposable
{
    private const string WriterThread = "session log writer";

    private readonly TempFolder _folder = new();
    private readonly ManualResetEventSlim _mayCommit = new(initialState: true);
    private readonly SemaphoreSlim _committing = new(0);
    private readonly ConcurrentQueue<Thread> _committers = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string File => _folder.At("gateway.db");

    public void Dispose()
    {
        _folder.Dispose();
        _mayCommit.Dispose();
        _committing.Dispose();
    }

    [Fact]
    public async Task Lone_write_is_committed_on_the_thread_that_makes_it()
    {
        await using var log = Open();
        await log.FillAsync("s-1", 0);

        // Other tests may keep the pool busy for a while; then a write waits for its turn.
        var seq = 0L;
        Thread caller;
        do
        {
            _committers.Clear();
            caller = Thread.CurrentThread;
            var append = log.AppendAsync("s-1", seq, Sample.Tokens("s-1", seq++, 1), SessionStatus.Running, Token);
            if (append.IsCompleted) break;
            await append;
        }
        while (!Token.IsCancellationRequested);

        Assert.Same(caller, Assert.Single(_committers));
        Assert.Equal(seq, (await log.ReadAllAsync("s-1")).Count);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1000)]
    public async Task Write_that_may_take_long_does_not_hold_its_caller(bool power, int events)
    {
        await using var log = Open(power);
        await log.FillAsync("s-1", 0);
        _committers.Clear();
        _mayCommit.Reset();

        var append = log.AppendAsync("s-1", 0, Sample.Tokens("s-1", 0, events), SessionStatus.Running, Token);

        Assert.False(append.IsCompleted);
        _mayCommit.Set();
        await Wait.For(append, "the append");
        Assert.Equal(WriterThread, Assert.Single(_committers).Name);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Writes_made_during_a_commit_hold_nobody_and_share_the_next(bool power)
    {
        const int Sessions = 100;
        await using var log = Open(power);
        for (var i = 0; i < Sessions; i++) await log.FillAsync($"s-{i}", 0);
        while (_committing.CurrentCount > 0) await _committing.WaitAsync(Token);
        _committers.Clear();
        _mayCommit.Reset();
        var first = Task.Run(() => Append(0), Token);
        Assert.True(await _committing.WaitAsync(TimeSpan.FromSeconds(30), Token));

        var rest = Enumerable.Range(1, Sessions - 1).Select(Append).ToList();

        Assert.DoesNotContain(rest, append => append.IsCompleted);
        _mayCommit.Set();
        await Wait.For(Task.WhenAll([first, .. rest]), "the appends");

        // The first, what the thread had taken before it, and the rest.
        Assert.InRange(_committers.Count, 2, 5);
        for (var i = 0; i < Sessions; i++) Assert.Single(await log.ReadAllAsync($"s-{i}"));

        Task Append(int i) => log.AppendAsync($"s-{i}", 0, Sample.Tokens($"s-{i}", 0, 1), SessionStatus.Running, Token);
    }

    [Fact]
    public async Task Deleted_sessions_are_removed_while_others_write_and_after()
    {
        const int Sessions = 8;
        await using var log = Open();
        for (var i = 0; i < Sessions; i++)
        {
            await log.FillAsync($"old-{i}", 2000);
            await log.FillAsync($"s-{i}", 0);
        }

        await Wait.For(Task.WhenAll(Enumerable.Range(0, Sessions).Select(i => Task.Run(() => DeleteAndWriteAsync(i), Token))), "the appends");

        using var connection = SqliteLogs.Connect(File);
        await Wait.For(Task.Run(() => SpinWait.SpinUntil(() => connection.Number("SELECT count(*) FROM deleted_sessions") == 0), Token), "the removal of the old events");
        Assert.Equal(Sessions * 200, connection.Number("SELECT count(*) FROM events"));
        for (var i = 0; i < Sessions; i++) Assert.Equal(200, (await log.ReadAllAsync($"s-{i}")).Count);

        async Task DeleteAndWriteAsync(int i)
        {
            for (var seq = 0L; seq < 200; seq++)
            {
                if (seq == 100) Assert.True(await log.DeleteAsync($"old-{i}", Token));
                await log.AppendAsync($"s-{i}", seq, Sample.Tokens($"s-{i}", seq, 1), SessionStatus.Running, Token);
            }
        }
    }

    [Fact]
    public async Task Turn_in_the_pool_that_finds_nothing_to_write_tells_nothing_about_the_store()
    {
        var database = new SqliteDatabase(new SqliteLogOptions { Path = File, WriterOpened = Hook });
        database.Prepare();
        var reports = new ConcurrentQueue<StorageException?>();
        using var writer = new SqliteWriter(database, usesPool: true, maxPending: 10, reports.Enqueue, NullLogger.Instance);

        // The thread has taken what the turn was queued for. It may have the lock at the moment, or others wait for theirs.
        while (_committers.IsEmpty)
        {
            Token.ThrowIfCancellationRequested();
            ((IThreadPoolWorkItem)writer).Execute();
            await Task.Yield();
        }

        Assert.Empty(reports);
    }

    private SqliteSessionLog Open(bool power = false) => SqliteLogs.Open(File, Hook, durability: power ? LogDurability.Power : LogDurability.Process);

    private void Hook(SqliteConnection connection) => raw.sqlite3_commit_hook(connection.Handle, OnCommit, null);

    private int OnCommit(object state)
    {
        _committers.Enqueue(Thread.CurrentThread);
        _committing.Release();
        _mayCommit.Wait(TimeSpan.FromSeconds(30));
        return 0;
    }
}
