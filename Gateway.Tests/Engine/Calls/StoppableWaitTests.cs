using Gateway.Engine.Calls;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Engine.Calls;

/// <summary>Waiting for a model can be broken off, and what is then under way is not forgotten.</summary>
public sealed class StoppableWaitTests
{
    [Fact]
    public async Task One_wait_after_another_gives_what_each_task_gave()
    {
        using var stop = new CancellationTokenSource();
        var wait = new StoppableWait(stop.Token);
        for (var i = 0; i < 100; i++)
        {
            var next = new TaskCompletionSource<bool>();
            var waiting = wait.WaitAsync(new ValueTask<bool>(next.Task)).AsTask();
            Assert.False(waiting.IsCompleted);
            if (i % 10 == 9) next.SetException(new InvalidOperationException($"{i}"));
            else next.SetResult(i % 2 == 0);
            if (i % 10 == 9) Assert.Equal($"{i}", (await Assert.ThrowsAsync<InvalidOperationException>(() => Wait.For(waiting, "the failure"))).Message);
            else Assert.Equal(i % 2 == 0, await Wait.For(waiting, "the result"));
        }

        wait.End();
        Assert.Null(wait.LeftBehind);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_wait_that_is_broken_off_leaves_the_task_to_its_end(bool fails)
    {
        using var stop = new CancellationTokenSource();
        var wait = new StoppableWait(stop.Token);
        var next = new TaskCompletionSource<bool>();
        var waiting = wait.WaitAsync(new ValueTask<bool>(next.Task)).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait.For(waiting, "the end of the wait"));

        Assert.False(wait.LeftBehind!.IsCompleted);
        if (fails) next.SetException(new InvalidOperationException("too late"));
        else next.SetResult(true);
        await Wait.For(wait.LeftBehind, "the end of what was left behind");
    }

    [Fact]
    public async Task With_a_token_that_is_cancelled_already_only_what_is_there_is_given()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        var wait = new StoppableWait(stop.Token);
        Assert.True(await wait.WaitAsync(new ValueTask<bool>(true)));
        Assert.Null(wait.LeftBehind);

        var next = new TaskCompletionSource<bool>();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait.For(wait.WaitAsync(new ValueTask<bool>(next.Task)).AsTask(), "the end of the wait"));
        next.SetResult(false);
        await Wait.For(wait.LeftBehind!, "the end of what was left behind");
    }

    [Fact]
    public async Task After_its_end_the_token_breaks_nothing_off()
    {
        using var stop = new CancellationTokenSource();
        var wait = new StoppableWait(stop.Token);
        wait.End();
        await stop.CancelAsync();
        Assert.Null(wait.LeftBehind);
    }

    [Fact]
    public async Task A_stop_and_a_result_at_the_same_moment_have_one_outcome()
    {
        for (var i = 0; i < 2000; i++)
        {
            using var stop = new CancellationTokenSource();
            var wait = new StoppableWait(stop.Token);
            var next = new TaskCompletionSource<bool>();
            var waiting = wait.WaitAsync(new ValueTask<bool>(next.Task)).AsTask();
            var cancelling = Task.Run(stop.Cancel);
            next.SetResult(true);
            try
            {
                Assert.True(await Wait.For(waiting, "the wait"));
                Assert.Null(wait.LeftBehind);
            }
            catch (OperationCanceledException)
            {
                await Wait.For(wait.LeftBehind!, "the end of what was left behind");
            }

            await cancelling;
        }
    }
}
