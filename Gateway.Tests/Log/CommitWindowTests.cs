using System.Diagnostics;
using Gateway.Log.Sqlite;
using Xunit;

namespace Gateway.Tests.Log;

/// <summary>Appends wait for each other only where many come, and only while they share their commits.</summary>
public sealed class CommitWindowTests
{
    private static readonly long Millisecond = Stopwatch.Frequency / 1000;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 30)]
    public void It_stays_shut_where_few_come(int every, int appends)
    {
        var window = new CommitWindow();
        for (var now = Millisecond; now < 1000 * Millisecond; now += every * Millisecond)
        {
            window.Committed(appends, hasWaited: false, now);
            Assert.False(window.IsOpen(now));
        }
    }

    [Fact]
    public void It_opens_for_many_and_stays_open_while_they_share()
    {
        var window = new CommitWindow();
        var now = Millisecond;
        for (var i = 0; i < 100; i++) window.Committed(1, hasWaited: false, now += Millisecond / 8);
        Assert.True(window.IsOpen(now));

        for (var i = 0; i < 1000; i++)
        {
            window.Committed(8, hasWaited: true, now += Millisecond);
            Assert.True(window.IsOpen(now));
        }

        // They have gone: the first one after a pause is alone.
        Assert.False(window.IsOpen(now + (100 * Millisecond)));
        window.Committed(1, hasWaited: false, now += 100 * Millisecond);
        window.Committed(1, hasWaited: false, now += 11 * Millisecond);
        Assert.False(window.IsOpen(now));
    }

    [Fact]
    public void One_writer_however_fast_waits_a_few_times_and_then_seldom()
    {
        var window = new CommitWindow();
        var (now, waits) = (Millisecond, 0);
        while (now < 60_000 * Millisecond)
        {
            var isOpen = window.IsOpen(now);
            waits += isOpen ? 1 : 0;
            now += isOpen ? Millisecond : Millisecond / 20;
            window.Committed(1, isOpen, now);
        }

        // In a minute: about one each four seconds, after the first few.
        Assert.InRange(waits, 1, 25);
    }
}
