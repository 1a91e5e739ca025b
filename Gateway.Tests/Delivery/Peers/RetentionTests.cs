using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Delivery.Peers;

/// <summary>A session that its age or number takes away is as gone as one that somebody has deleted.</summary>
public sealed class RetentionTests
{
    [Theory]
    [InlineData(PeerGateway.Memory)]
    [InlineData(PeerGateway.Sqlite)]
    public async Task Who_is_connected_for_a_session_alone_is_told_that_it_has_gone(string store)
    {
        await using var gateway = await PeerGateway.StartWithoutClockAsync(new()
        {
            ["Gateway:Storage:Provider"] = store,
            ["Gateway:Storage:Retention:MaxSessions"] = "1",
            ["Gateway:Storage:Retention:Interval"] = "00:00:07",
            ["Gateway:WebSockets:KeepAliveInterval"] = "1.00:00:00",
        });
        var old = await EndedAsync(gateway);
        await using var peer = await Peer.ConnectAsync(gateway, $"/ws?session_id={old.Id}");
        Assert.Equal(1, await peer.ReadSeqAsync());
        Assert.Equal(2, await peer.ReadSeqAsync());
        var kept = await EndedAsync(gateway);
        await using var other = await Peer.ConnectAsync(gateway, $"/ws?session_id={kept.Id}");

        await Wait.For(gateway.Clock().PassAsync(TimeSpan.FromSeconds(7)), "the next round");

        Assert.Contains("\"unknown_session\"", await peer.ReadTextAsync(), StringComparison.Ordinal);
        Assert.Equal(1008, await peer.ReadCloseCodeAsync());
        Assert.Equal(1, await other.ReadSeqAsync());
        Assert.Equal(2, await other.ReadSeqAsync());
        await other.SendTextAsync("""{"cmd":"ping"}""");
        Assert.Contains("\"pong\"", await other.ReadTextAsync(), StringComparison.Ordinal);
    }

    private static async Task<TestSession> EndedAsync(GatewayFixture gateway)
    {
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(1);
        await session.EndAsync();
        return session;
    }
}
