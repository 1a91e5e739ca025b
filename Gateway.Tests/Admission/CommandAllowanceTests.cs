using Gateway.Admission;
using Xunit;

namespace Gateway.Tests.Admission;

public sealed class CommandAllowanceTests
{
    private const long Interval = 10;
    private const int Burst = 5;
    private const long Start = 1_000_000;

    [Fact]
    public void A_burst_passes_and_the_next_one_does_not()
    {
        var allowance = default(CommandAllowance);

        Assert.Equal(Burst, TakeAll(ref allowance, Start));
        Assert.Equal(0, TakeAll(ref allowance, Start));
    }

    [Fact]
    public void One_more_passes_an_interval_later_and_only_one()
    {
        var allowance = default(CommandAllowance);
        TakeAll(ref allowance, Start);

        Assert.Equal(0, TakeAll(ref allowance, Start + Interval - 1));
        Assert.Equal(1, TakeAll(ref allowance, Start + Interval));
    }

    [Fact]
    public void A_long_silence_earns_a_burst_and_not_more()
    {
        var allowance = default(CommandAllowance);
        TakeAll(ref allowance, Start);

        Assert.Equal(Burst, TakeAll(ref allowance, Start + (1000 * Interval)));
    }

    [Fact]
    public void Refusals_cost_nothing()
    {
        var allowance = default(CommandAllowance);
        TakeAll(ref allowance, Start);
        for (var i = 0; i < 1000; i++) Assert.False(allowance.TryTake(Start, Interval, Burst));

        Assert.True(allowance.TryTake(Start + Interval, Interval, Burst));
    }

    private static int TakeAll(ref CommandAllowance allowance, long now)
    {
        var taken = 0;
        while (allowance.TryTake(now, Interval, Burst)) taken++;
        return taken;
    }
}
