using Gateway.Client;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Client;

/// <summary>More readers than the gateway takes commands at once, on one client of a real gateway.</summary>
public sealed class ManyReadersTests
{
    private const int Readers = 1_000;

    [Theory]
    [InlineData(GatewayWire.MessagePack)]
    [InlineData(GatewayWire.WebSocket)]
    public async Task Readers_opened_at_once_all_come_through(GatewayWire wire)
    {
        await using var gateway = await CustomFixture.StartAsync(new() { ["Gateway:Limits:CommandsPerSecond"] = "400", ["Gateway:Limits:CommandBurst"] = "20" });
        var sessions = new List<TestSession>();
        for (var i = 0; i < Readers; i++)
        {
            sessions.Add(await TestSession.CreateAsync(gateway.Services));
            await sessions[i].SayAsync(3);
            await sessions[i].EndAsync();
        }

        var options = new GatewayClientOptions { Wire = wire, RetryPolicy = new ReconnectPolicy(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1)) };
        await using var client = await GatewayClient.ConnectAsync(gateway.Address, options, TestContext.Current.CancellationToken);

        var counts = await Wait.For(Task.WhenAll(sessions.Select(s => CountAsync(client, s.Id))), "all readers");

        Assert.All(counts, count => Assert.Equal(4, count));
    }

    [Theory]
    [InlineData(GatewayWire.MessagePack)]
    [InlineData(GatewayWire.WebSocket)]
    public async Task A_reader_beyond_what_the_gateway_sends_to_one_connection_is_refused_and_the_others_are_not(GatewayWire wire)
    {
        await using var gateway = await CustomFixture.StartAsync(new() { ["Gateway:Limits:MaxSubscriptionsPerConnection"] = "2" });
        await using var client = await GatewayClient.ConnectAsync(gateway.Address, new GatewayClientOptions { Wire = wire }, TestContext.Current.CancellationToken);
        var sessions = new List<TestSession>();
        for (var i = 0; i < 3; i++)
        {
            sessions.Add(await TestSession.CreateAsync(gateway.Services));
            await sessions[i].SayAsync(1);
        }

        await using var first = client.ReadEventsAsync(sessions[0].Id).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await using var second = client.ReadEventsAsync(sessions[1].Id).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await Wait.For(first.MoveNextAsync().AsTask(), "the first event"));
        Assert.True(await Wait.For(second.MoveNextAsync().AsTask(), "the second event"));

        var refusal = await Assert.ThrowsAsync<GatewayClientException>(() => Wait.For(CountAsync(client, sessions[2].Id), "the refusal"));
        await sessions[0].SayAsync(1);

        Assert.Equal(ErrorCode.TooManySubscriptions, refusal.Code);
        Assert.True(await Wait.For(first.MoveNextAsync().AsTask(), "the next event of the first"));
    }

    private static async Task<int> CountAsync(GatewayClient client, string id)
    {
        var count = 0;
        await foreach (var e in client.ReadEventsAsync(id, 0, TestContext.Current.CancellationToken))
        {
            Assert.Equal(++count, e.Seq);
        }

        return count;
    }
}
