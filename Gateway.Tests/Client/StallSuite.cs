using Gateway.Client;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Client;

public abstract class StallSuite(GatewayWire wire) : ClientTest(wire)
{
    [Fact]
    public async Task Gateway_that_loses_more_the_second_time_is_asked_again_after_a_while()
    {
        // Sent: 1-4 and 6; the second time 7 only. Since 7 follows 6, it looks like what the first request had in flight.
        var passed7 = Gate();
        Server.Fault = e =>
        {
            if (e.SessionId != "s-1") return Fault.None;
            if (e.Seq == 8) passed7.TrySetResult();
            return (e.Seq, Subscribed()) switch
            {
                (5, <= 2) => Fault.Skip,
                (6, 2) => Fault.Skip,
                (8, 2) => Fault.Skip,
                _ => Fault.None,
            };
        };
        var first = Server.Session("s-1").Say(4);
        var other = Server.Session("other");
        var time = new TimerWatch();
        var client = await ConnectAsync(o => (o.TimeProvider, o.MaxGapRetries) = (time, 5));
        await using var reader = client.ReadEventsAsync("s-1", 0, Token).GetAsyncEnumerator(Token);
        await using var otherReader = client.ReadEventsAsync("other", 0, Token).GetAsyncEnumerator(Token);
        for (var seq = 1; seq <= 4; seq++) Assert.Equal(seq, (await NextAsync(reader)).Seq);
        Assert.Equal(1, Subscribed());

        first.Say(2);
        await Wait.For(time.First, "the client's timer, set once it has asked a second time");
        Assert.Equal(2, Subscribed());
        first.Say(2);
        await Wait.For(passed7.Task, "event 7 on its way");
        // What comes after 7 on the same connection has passed the client, so 7 has too.
        other.Say(1);
        await NextAsync(otherReader);
        Assert.Equal(2, Subscribed());

        time.Advance(TimeSpan.FromSeconds(10));

        first.End();
        AssertSeqs(5, 9, await RestAsync(reader));
        Assert.Equal(3, Subscribed());

        int Subscribed() => Server.Calls.Entries.Count(c => c is { Method: "Subscribe", SessionId: "s-1" });
    }
}
