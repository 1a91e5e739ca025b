using Gateway.Log.Sqlite;
using Xunit;

namespace Gateway.Tests.Log;

public sealed class DiskReserveTests
{
    private const long MiB = 1024 * 1024;

    // What stands in the write-ahead log has to fit into the file as well: a smaller reserve would be used up by it.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(2 * MiB, MiB)]
    [InlineData(40 * MiB, 20 * MiB)]
    [InlineData(100 * MiB, 24 * MiB)]
    [InlineData(800 * MiB, 40 * MiB)]
    [InlineData(100_000 * MiB, 64 * MiB)]
    public void A_small_disk_keeps_room_for_the_write_ahead_log(long size, long reserve) => Assert.Equal(reserve, DiskReserve.OfDisk(size));
}
