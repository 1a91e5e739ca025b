using Gateway.Engine.Calls;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Gateway.Tests.Engine.Calls;

/// <summary>The clock of a model's silence tells each wait that is too long, at its time, and no other.</summary>
public sealed class IdleTimerTests
{
    [Fact]
    public void It_rings_when_a_plain_count_of_the_silence_says_so()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var run = 0; run < 200; run++)
        {
            var clock = new FakeTimeProvider();
            var rang = 0;
            using var timer = new IdleTimer(clock, () => rang++);

            // What is left of the wait; null when there is none.
            int? left = null;
            var (held, expected) = (false, 0);
            for (var step = 0; step < 60; step++)
            {
                switch (random.Next(6))
                {
                    case 0 or 1:
                        left = random.Next(1, 40);
                        timer.Arm(TimeSpan.FromSeconds(left.Value));
                        break;
                    case 2:
                        left = null;
                        timer.Disarm();
                        break;
                    case 3:
                        held = !held;
                        timer.Hold(held);
                        break;
                    default:
                        var seconds = random.Next(1, 20);
                        for (var i = 0; i < seconds; i++)
                        {
                            clock.Advance(TimeSpan.FromSeconds(1));
                            if (held || left is null || --left > 0) continue;
                            left = null;
                            expected++;
                        }

                        break;
                }

                Assert.True(expected == rang, $"seed {seed}, run {run}, step {step}: {rang} instead of {expected}");
            }
        }
    }
}
