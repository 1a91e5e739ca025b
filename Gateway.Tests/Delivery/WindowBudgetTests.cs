using Gateway.Delivery;
using Xunit;

namespace Gateway.Tests.Delivery;

/// <summary>Windows share a budget: many together take no more than it, and one alone has what it had.</summary>
public sealed class WindowBudgetTests
{
    private const int Frame = 230;
    private const int Most = 256 * 1024;

    [Fact]
    public void One_window_alone_takes_what_one_may_take()
    {
        var budget = new WindowBudget(Most, 32 * 1024 * 1024);
        budget.Count(1);
        var tail = new WireTail(1, budget);
        Fill(tail, 20_000);

        var kept = (tail.NextSeq - tail.FirstSeq) * Frame;
        Assert.InRange(kept, Most / 2, Most);
        Assert.InRange(tail.Bytes, Most / 2, Most);
    }

    [Theory]
    [InlineData(100, 4 * 1024 * 1024)]
    [InlineData(500, 8 * 1024 * 1024)]
    [InlineData(64, 1024 * 1024)]
    public void Many_take_no_more_than_the_budget(int windows, int all)
    {
        var budget = new WindowBudget(Most, all);
        var tails = new List<WireTail>();
        for (var i = 0; i < windows; i++)
        {
            budget.Count(1);
            tails.Add(new WireTail(1, budget));
        }

        foreach (var tail in tails) Fill(tail, 2000);
        Assert.InRange(tails.Sum(tail => (long)tail.Bytes), all / 4, all);

        // The newest events are there, whatever the share.
        Assert.All(tails, tail => Assert.True(tail.TryRead(tail.NextSeq - 20, out var frames, out _) && frames.Length >= Frame));
    }

    [Fact]
    public void A_window_that_has_grown_alone_gives_back_when_others_come()
    {
        var budget = new WindowBudget(Most, 1024 * 1024);
        budget.Count(1);
        var tail = new WireTail(1, budget);
        Fill(tail, 5000);
        Assert.True(tail.Bytes > Most / 2);

        budget.Count(63);
        Fill(tail, 500);
        Assert.InRange(tail.Bytes, 1, WindowBudget.Least);

        budget.Count(-63);
        Fill(tail, 5000);
        Assert.True(tail.Bytes > Most / 2);
    }

    [Fact]
    public void However_many_there_are_each_has_a_little()
    {
        var budget = new WindowBudget(Most, 1024 * 1024);
        budget.Count(100_000);
        Assert.Equal(WindowBudget.Least, budget.Share);
        Assert.Equal(4096, new WindowBudget(4096, 1024 * 1024).Share);
    }

    private static void Fill(WireTail tail, int events)
    {
        var frame = new byte[Frame];
        for (var i = 0; i < events; i++) tail.Append(tail.NextSeq, frame);
    }
}
