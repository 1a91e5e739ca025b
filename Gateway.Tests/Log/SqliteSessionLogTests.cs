using Gateway.Contracts;
using Gateway.Log;
using Gateway.Log.Sqlite;
using Gateway.Log.Sqlite.Connections;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Log;

/// <summary>The pool's threads commit, and the writer's own.</summary>
public sealed class SqliteSessionLogTests() : SqliteSessionLogSuite(power: false);

/// <summary>Only the writer's own thread commits.</summary>
public sealed class SqlitePowerSessionLogTests() : SqliteSessionLogSuite(power: true);

public abstract class SqliteSessionLogSuite(bool power) : SessionLogSuite
{
    private readonly TempFolder _folder = new();
    private int _files;

    protected override ISessionLog Open() => SqliteLogs.Open(_folder.At($"{Interlocked.Increment(ref _files)}.db"), durability: power ? LogDurability.Power : LogDurability.Process);

    // An append of the other waits for the disk.
    protected override int RandomSessions => power ? 5 : 25;

    protected override ValueTask CloseAsync(ISessionLog log) => ((SqliteSessionLog)log).DisposeAsync();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2500, 3)]
    [InlineData(3000, 3)]
    [InlineData(100_000, 10)]
    public async Task Read_ends_with_the_event_that_makes_enough_bytes(int bytes, int count)
    {
        var frame = EventSerializer.Serialize(Sample.Token("s-1", 1, "")).Length;
        await Log.CreateAsync(Sample.Header("s-1"), TestContext.Current.CancellationToken);
        await Log.AppendAsync("s-1", 0, [.. Enumerable.Range(1, 10).Select(i => Sample.Token("s-1", i, new string('x', 1000 - frame)))], SessionStatus.Running, TestContext.Current.CancellationToken);

        var first = await Log.ReadAsync("s-1", 0, new ReadLimit(10, bytes), TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(1, count), first.Select(e => (int)e.Seq));
        var rest = new List<LoggedEvent>(first);
        while (rest.Count < 10) rest.AddRange(await Log.ReadAsync("s-1", rest[^1].Seq, new ReadLimit(10, bytes), TestContext.Current.CancellationToken));
        Assert.Equal(Enumerable.Range(1, 10), rest.Select(e => (int)e.Seq));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
