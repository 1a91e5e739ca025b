using Gateway.Log;
using Gateway.Log.Sqlite;

namespace Gateway.Tests.Log;

public sealed class SqliteSessionLogTests : SessionLogSuite
{
    private readonly TempFolder _folder = new();
    private int _files;

    protected override ISessionLog Open() => SqliteLogs.Open(_folder.File($"{Interlocked.Increment(ref _files)}.db"));

    protected override ValueTask CloseAsync(ISessionLog log) => ((SqliteSessionLog)log).DisposeAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}
