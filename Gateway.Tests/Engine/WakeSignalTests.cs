using Gateway.Engine;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>A loop that waits for its signal misses none, and wakes once for several.</summary>
public sealed class WakeSignalTests
{
    [Fact]
    public void Signals_before_a_wait_count_as_one()
    {
        var signal = new WakeSignal();
        signal.Set();
        signal.Set();
        var first = signal.WaitAsync().AsTask();
        Assert.True(first is { IsCompletedSuccessfully: true, Result: true });
        Assert.False(signal.WaitAsync().AsTask().IsCompleted);
    }

    [Fact]
    public async Task The_last_signal_of_many_threads_is_never_missed()
    {
        const int each = 20_000;
        var signal = new WakeSignal();
        var done = 0;
        var seen = 0;
        var loop = Task.Run(async () =>
        {
            while (Volatile.Read(ref seen) < 4 * each)
            {
                await signal.WaitAsync();
                Volatile.Write(ref seen, Volatile.Read(ref done));
            }
        });
        var threads = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < each; i++)
            {
                Interlocked.Increment(ref done);
                signal.Set();
            }
        }));
        await Wait.For(Task.WhenAll(threads), "the threads");
        await Wait.For(loop, "the loop to see the last signal");
        Assert.Equal(4 * each, seen);
    }

    [Fact]
    public async Task A_wait_ends_in_time_and_its_timer_ends_no_later_wait()
    {
        var clock = new FakeTimeProvider();
        var signal = new WakeSignal();
        var late = signal.WaitAsync(TimeSpan.FromSeconds(5), clock).AsTask();
        clock.Advance(TimeSpan.FromSeconds(4));
        Assert.False(late.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await Wait.For(late, "the end of the time"));

        var woken = signal.WaitAsync(TimeSpan.FromSeconds(5), clock).AsTask();
        signal.Set();
        Assert.True(await Wait.For(woken, "the signal"));

        var next = signal.WaitAsync(TimeSpan.FromHours(1), clock).AsTask();
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.False(next.IsCompleted);
        signal.Set();
        Assert.True(await Wait.For(next, "the signal of the next wait"));
    }

    [Fact]
    public async Task A_signal_that_comes_with_the_end_of_the_time_is_not_lost()
    {
        // Either the wait tells of it, or the next one does.
        for (var i = 0; i < 500; i++)
        {
            var clock = new FakeTimeProvider();
            var signal = new WakeSignal();
            var wait = signal.WaitAsync(TimeSpan.FromSeconds(1), clock).AsTask();
            var set = Task.Run(signal.Set);
            clock.Advance(TimeSpan.FromSeconds(1));
            await set;
            if (!await Wait.For(wait, "the wait")) Assert.True(signal.WaitAsync().AsTask().IsCompleted);
        }
    }
}
