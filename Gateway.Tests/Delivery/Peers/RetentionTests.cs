using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
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
            ["Gateway:Storage:Retention:Interval"] = "00:00:01",
            ["Gateway:WebSockets:KeepAliveInterval"] = "1.00:00:00",
        });
        var old = await EndedAsync(gateway);
        await using var peer = await Peer.ConnectAsync(gateway, $"/ws?session_id={old.Id}");
        Assert.Equal(1, await peer.ReadSeqAsync());
        Assert.Equal(2, await peer.ReadSeqAsync());
        var kept = await EndedAsync(gateway);
        await using var other = await Peer.ConnectAsync(gateway, $"/ws?session_id={kept.Id}");

        // The round comes with the clock, which is this test's; when the service has begun to wait for it is not seen from here.
        var told = peer.ReadTextAsync().AsTask();
        var time = (FakeTimeProvider)gateway.Services.GetRequiredService<TimeProvider>();
        var waiting = Wait.For(told, "the reader to be told");
        while (!waiting.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        Assert.Contains("\"unknown_session\"", await waiting, StringComparison.Ordinal);
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
