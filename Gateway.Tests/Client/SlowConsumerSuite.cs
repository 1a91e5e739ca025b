using Gateway.Client;
using Xunit;

namespace Gateway.Tests.Client;

public abstract class SlowConsumerSuite(GatewayWire wire) : ClientTest(wire)
{
    [Fact]
    public async Task Slow_consumer_of_100_000_events_stops_the_delivery_and_loses_nothing()
    {
        Server.Session("s-1").Say(99_999).End();
        var client = await ConnectAsync();
        await using var reader = client.ReadEventsAsync("s-1", 0, Token).GetAsyncEnumerator(Token);
        var first = await NextAsync(reader);

        // The consumer rests; the client must tell the gateway to stop instead of hoarding or blocking.
        await Server.Calls.UntilAsync(calls => calls.Any(c => c.Method == "Unsubscribe"), "the client to stop the delivery");

        AssertSeqs(1, 100_000, [first, .. await RestAsync(reader)]);
    }

    [Fact]
    public async Task Delivery_goes_on_from_the_last_buffered_event_once_the_consumer_has_caught_up()
    {
        Server.Session("s-1").Say(99).End();
        var client = await ConnectAsync(o => o.BufferSize = 8);
        await using var reader = client.ReadEventsAsync("s-1", 0, Token).GetAsyncEnumerator(Token);
        await NextAsync(reader);
        await Server.Calls.UntilAsync(calls => calls.Any(c => c.Method == "Unsubscribe"), "the client to stop the delivery");
        var before = Server.Calls.Entries.Count;

        AssertSeqs(2, 100, await RestAsync(reader));

        // Eight fit, and one more when the consumer took the first before the ninth came.
        Assert.InRange(Server.Calls.Entries[before].AfterSeq, 8, 9);
    }

    [Fact]
    public async Task Buffer_of_one_event_still_delivers_everything()
    {
        Server.Session("s-1").Say(99).End();
        var client = await ConnectAsync(o => o.BufferSize = 1);

        AssertSeqs(1, 100, await ReadAllAsync(client.ReadEventsAsync("s-1", 0, Token)));
    }

    [Fact]
    public async Task Slow_reader_does_not_delay_another_session()
    {
        Server.Session("slow").Say(50_000).End();
        Server.Session("quick").Say(999).End();
        var client = await ConnectAsync(o => o.BufferSize = 16);
        await using var slow = client.ReadEventsAsync("slow", 0, Token).GetAsyncEnumerator(Token);
        await NextAsync(slow);

        AssertSeqs(1, 1000, await ReadAllAsync(client.ReadEventsAsync("quick", 0, Token)));
    }

    [Fact]
    public async Task Slow_reader_does_not_delay_another_of_the_same_session()
    {
        Server.Session("s-1").Say(4_999).End();
        var client = await ConnectAsync(o => o.BufferSize = 256);
        await using var slow = client.ReadEventsAsync("s-1", 0, Token).GetAsyncEnumerator(Token);
        var first = await NextAsync(slow);

        AssertSeqs(1, 5_000, await ReadAllAsync(client.ReadEventsAsync("s-1", 0, Token)));
        AssertSeqs(1, 5_000, [first, .. await RestAsync(slow)]);
    }

    [Fact]
    public async Task Connection_lost_while_the_consumer_rests_costs_nothing()
    {
        Server.Session("s-1").Say(999).End();
        var client = await ConnectAsync(o => o.BufferSize = 16);
        await using var reader = client.ReadEventsAsync("s-1", 0, Token).GetAsyncEnumerator(Token);
        var first = await NextAsync(reader);
        await Server.Calls.UntilAsync(calls => calls.Any(c => c.Method == "Unsubscribe"), "the client to stop the delivery");

        Server.CutSockets();

        AssertSeqs(1, 1000, [first, .. await RestAsync(reader)]);
    }
}
