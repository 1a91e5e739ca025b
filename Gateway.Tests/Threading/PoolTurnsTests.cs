using Gateway.Tests.Infrastructure;
using Gateway.Threading;
using Xunit;

namespace Gateway.Tests.Threading;

public sealed class PoolTurnsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Work_gives_way_as_often_as_it_is_told_and_then_takes_its_turn(int atMost)
    {
        using var busy = new BusyPool();

        for (var i = 0; i < 100; i++)
        {
            var item = new Item(atMost, isLast: true);
            item.Queue();
            Assert.InRange(await Wait.For(item.Given, "its turn"), 0, atMost);
        }
    }

    [Fact]
    public async Task Work_gives_way_to_what_waits()
    {
        using var busy = new BusyPool();

        var given = 0;
        for (var i = 0; i < 1000 && given == 0; i++)
        {
            var item = new Item(atMost: 3, isLast: false);
            item.Queue();
            given = await Wait.For(item.Given, "its turn");
        }

        Assert.NotEqual(0, given);
    }

    [Fact]
    public async Task Work_does_not_give_way_for_ever()
    {
        using var busy = new BusyPool();

        // Without the limit of time it would go round for ever: the pool is never empty.
        var item = new Item(int.MaxValue, isLast: true);
        item.Queue();

        await Wait.For(item.Given, "its turn");
    }

    [Fact]
    public async Task Items_that_all_give_way_all_get_their_turn()
    {
        var items = Enumerable.Range(0, 1000).Select(_ => new Item(int.MaxValue, isLast: true)).ToList();

        foreach (var item in items) item.Queue();

        foreach (var item in items) await Wait.For(item.Given, "its turn");
    }

    /// <summary>Counts how often it gives way.</summary>
    private sealed class Item(int atMost, bool isLast) : IThreadPoolWorkItem
    {
        private readonly TaskCompletionSource<int> _given = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private PoolTurns _turns = new(isLast);
        private int _count;

        public Task<int> Given => _given.Task;

        public void Queue() => _turns.Queue(this);

        public void Execute()
        {
            if (_turns.TryGive(this, atMost)) _count++;
            else _given.SetResult(_count);
        }
    }

    /// <summary>A thread pool whose queue is never empty.</summary>
    private sealed class BusyPool : IThreadPoolWorkItem, IDisposable
    {
        private volatile bool _ended;

        public BusyPool()
        {
            for (var i = 0; i < 64; i++) Execute();
        }

        public void Execute()
        {
            if (!_ended) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        public void Dispose() => _ended = true;
    }
}
