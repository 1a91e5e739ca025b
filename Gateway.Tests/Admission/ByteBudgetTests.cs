using Gateway.Admission;
using Gateway.Engine;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Gateway.Tests.Admission;

/// <summary>Bytes that many share: nobody gets what is not there, and nobody waits for ever.</summary>
public sealed class ByteBudgetTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();
    private readonly ByteBudget _budget;

    public ByteBudgetTests() => _budget = new ByteBudget(100, _time);

    [Fact]
    public async Task Bytes_are_taken_and_given_back()
    {
        using var first = (await TakeAsync(60))!;
        using var second = (await TakeAsync(40))!;
        Assert.Equal(100, _budget.Used);

        first.Resize(10);
        Assert.Equal(50, _budget.Used);
        second.Dispose();
        second.Dispose();
        Assert.Equal(10, _budget.Used);
    }

    [Fact]
    public async Task Who_needs_more_than_there_is_takes_all()
    {
        using var all = (await TakeAsync(1000))!;
        Assert.Equal((100, 100), (all.Bytes, _budget.Used));
    }

    [Fact]
    public async Task Who_waits_gets_its_turn_in_order()
    {
        using var all = (await TakeAsync(100))!;
        var large = TakeAsync(80);
        var small = TakeAsync(10);
        Assert.Equal(90, _budget.Wanted);

        // There is room for the small one, which must not pass the large one by time and again.
        all.Resize(70);
        Assert.False(small.IsCompleted);
        all.Dispose();
        using var first = await Wait.For(large, "the large one");
        using var second = await Wait.For(small, "the small one");
        Assert.Equal((90, 0), (_budget.Used, _budget.Wanted));
    }

    [Fact]
    public async Task Who_may_go_ahead_does_and_leaves_nothing_free()
    {
        using var most = (await TakeAsync(70))!;
        var large = _budget.TakeAsync(20, keepFree: 25, goesAhead: false, Patience, TestContext.Current.CancellationToken).AsTask();
        using var small = await _budget.TakeAsync(30, keepFree: 0, goesAhead: true, TimeSpan.Zero, TestContext.Current.CancellationToken);
        Assert.NotNull(small);
        Assert.False(large.IsCompleted);
        most.Dispose();
        using var last = await Wait.For(large, "the large one");
    }

    [Fact]
    public async Task Who_has_no_more_patience_gets_nothing_and_stands_in_nobodys_way()
    {
        using var most = (await TakeAsync(90))!;
        var large = TakeAsync(20);
        _time.Advance(TimeSpan.FromSeconds(1));
        var small = TakeAsync(10);
        Assert.Null(await ComesToAnEndAsync(large));
        using var fits = await Wait.For(small, "the one behind");
        Assert.Equal((100, 0), (_budget.Used, _budget.Wanted));
    }

    [Fact]
    public async Task Who_gives_up_takes_nothing()
    {
        using var all = (await TakeAsync(100))!;
        using var leaves = new CancellationTokenSource();
        var waiting = _budget.TakeAsync(50, 0, goesAhead: false, Patience, leaves.Token).AsTask();
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        all.Dispose();
        Assert.Equal((0, 0), (_budget.Used, _budget.Wanted));
    }

    [Fact]
    public async Task A_slow_transfer_ends_when_others_wait_and_not_before()
    {
        var (slow, other) = ((await TakeAsync(60))!, (await TakeAsync(40))!);
        slow.BeginTransfer(slow.Dispose);
        other.BeginTransfer(() => Assert.Fail("It has finished its transfer."));
        other.FinishTransfer();
        _time.Advance(ByteBudget.LongestTransfer);
        Assert.False(slow.HasEnded);

        using var next = await Wait.For(TakeAsync(50), "the one that waits");
        Assert.True(slow.HasEnded);
        Assert.False(other.HasEnded);
        Assert.Equal(90, _budget.Used);
        other.Dispose();
    }

    [Fact]
    public async Task A_transfer_that_becomes_too_slow_while_somebody_waits_ends_too()
    {
        using var slow = (await TakeAsync(100))!;
        slow.BeginTransfer(slow.Dispose);
        _time.Advance(ByteBudget.LongestTransfer - TimeSpan.FromSeconds(2));
        using var next = await ComesToAnEndAsync(TakeAsync(50));
        Assert.NotNull(next);
        Assert.True(slow.HasEnded);
    }

    [Fact]
    public void Defaults_fit_the_memory_there_is()
    {
        Assert.Equal((12L << 20, 64L << 20, 24L << 20), Defaults(384L << 20));
        Assert.Equal((8L << 20, 64L << 20, 8L << 20), Defaults(128L << 20));
        Assert.Equal((64L << 20, 256L << 20, 64L << 20), Defaults(2L << 30));
        Assert.Equal((256L << 20, 16L << 30, 64L << 20), Defaults(1L << 40));

        static (long InFlight, long Sessions, long Snapshots) Defaults(long memory) => (LargeMessages.ByDefault(memory), SessionMemory.ByDefault(memory), SnapshotCache.ByDefault(memory));
    }

    private Task<ByteShare?> TakeAsync(long bytes) => _budget.TakeAsync(bytes, keepFree: 0, goesAhead: false, Patience, TestContext.Current.CancellationToken).AsTask();

    private async Task<ByteShare?> ComesToAnEndAsync(Task<ByteShare?> waiting)
    {
        await Wait.Until(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return waiting.IsCompleted;
            },
            "the end of the patience");
        return await waiting;
    }
}
