using Gateway.Log;
using Gateway.Log.Sqlite;
using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.Log;

/// <summary>The pool's threads commit, and the writer's own.</summary>
public sealed class SqliteSessionLogTests() : SqliteSessionLogSuite(LogDurability.Process);

/// <summary>Only the writer's own thread commits.</summary>
public sealed class SqlitePowerSessionLogTests() : SqliteSessionLogSuite(LogDurability.Power);

public abstract class SqliteSessionLogSuite(LogDurability durability) : SessionLogSuite
{
    private readonly TempFolder _folder = new();
    private int _files;

    protected override ISessionLog Open() => SqliteLogs.Open(_folder.At($"{Interlocked.Increment(ref _files)}.db"), durability: durability);

    protected override ValueTask CloseAsync(ISessionLog log) => ((SqliteSessionLog)log).DisposeAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
