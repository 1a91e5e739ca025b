using Gateway.Client;
using Microsoft.AspNetCore.SignalR.Client;
using Xunit;

namespace Gateway.Tests.Client;

public sealed class ReconnectPolicyTests
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(0, 0.0, 0)]
    [InlineData(0, 0.9, 0)]
    [InlineData(1, 0.0, 500)]
    [InlineData(1, 0.5, 750)]
    [InlineData(2, 0.0, 1_000)]
    [InlineData(5, 0.0, 8_000)]
    [InlineData(6, 0.0, 15_000)]
    [InlineData(6, 0.5, 22_500)]
    [InlineData(1_000_000_000_000, 0.0, 15_000)]
    public void Delay_doubles_up_to_the_maximum_with_jitter_in_its_upper_half(long tries, double random, double milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), ReconnectPolicy.Delay(tries, First, Max, random));

    [Fact]
    public void Policy_never_gives_up()
    {
        var policy = new ReconnectPolicy();
        for (var tries = 0L; tries < 100_000; tries += 7)
        {
            var delay = policy.NextRetryDelay(new RetryContext { PreviousRetryCount = tries, ElapsedTime = TimeSpan.FromDays(tries) });
            Assert.InRange(Assert.NotNull(delay), TimeSpan.Zero, Max);
        }
    }

    [Fact]
    public void The_old_browsers_try_five_times_and_wait_three_seconds_longer_each_time()
    {
        var policy = new LimitedReconnectPolicy();

        Assert.Equal(
            [3, 6, 9, 12, 15, null],
            Enumerable.Range(0, 6).Select(tries => policy.NextRetryDelay(new RetryContext { PreviousRetryCount = tries })?.TotalSeconds));
    }
}
