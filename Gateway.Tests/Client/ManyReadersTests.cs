using Gateway.Client;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Client;

/// <summary>More readers than the gateway takes commands at once, on one client of a real gateway.</summary>
public sealed class ManyReadersTests
{
    private const int Readers = 300;

    [Theory]
    [InlineData(GatewayWire.MessagePack)]
    [InlineData(GatewayWire.Json)]
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
