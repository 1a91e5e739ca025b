using Gateway.Log;
using Gateway.Log.Memory;

namespace Gateway.Tests.Log;

public sealed class MemorySessionLogTests : SessionLogSuite
{
    protected override ISessionLog Open() => new MemorySessionLog();

    protected override ValueTask CloseAsync(ISessionLog log) => ValueTask.CompletedTask;
}
