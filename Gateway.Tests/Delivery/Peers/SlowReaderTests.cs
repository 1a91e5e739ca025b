using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Delivery.Peers;

/// <summary>Promise 4: nobody waits for a socket.</summary>
public sealed class SlowReaderTests
{
    private const int SmallBuffer = 4 * 1024;
    private const int Backlog = 100_000;

    [Fact]
    public async Task A_reader_that_stops_delays_nobody_and_loses_nothing()
    {
        const int rounds = 200;
        const int batch = 100;
        await using var gateway = await PeerGateway.StartAsync();
        var session = await TestSession.CreateAsync(gateway.Services);
        await using var stopped = await Peer.ConnectAsync(gateway, $"/ws?session_id={session.Id}", SmallBuffer);
        await using var live = await RawReader.ConnectAsync(gateway, $"/ws?session_id={session.Id}");
        await using var hub = await (await HubReader.ConnectAsync(gateway, messagePack: true)).SubscribeAsync(session.Id, 0);
        await session.SayAsync(1);
        await stopped.ReadBytesAsync(1);
        await live.NextAsync();
        await hub.NextAsync();

        // Far more than the kernel holds for the one that has stopped.
        for (var round = 0; round < rounds; round++)
        {
            foreach (var sessionEvent in await session.SayAsync(batch))
            {
                Assert.Equal(sessionEvent, await live.NextAsync());
                Assert.Equal(sessionEvent, await hub.NextAsync());
            }
        }

        // The byte that it read was the first of its first frame.
        await stopped.ReadBytesAsync((int)(await FrameLengthAsync(gateway, session.Id) - 1));
        for (var seq = 2L; seq <= session.LastSeq; seq++) Assert.Equal(seq, await stopped.ReadSeqAsync());
    }

    [Theory]
    [InlineData(PeerGateway.Memory)]
    [InlineData(PeerGateway.Sqlite)]
    public async Task A_reader_a_hundred_thousand_events_behind_catches_up_while_a_live_one_is_not_delayed(string store)
    {
        await using var gateway = await PeerGateway.StartAsync(store);
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayManyAsync(Backlog, 2000);
        await using var live = await RawReader.ConnectAsync(gateway, $"/ws?session_id={session.Id}&after_seq={Backlog}");
        await using var behind = await Peer.ConnectAsync(gateway, $"/ws?session_id={session.Id}&after_seq=0", SmallBuffer);

        for (var seq = 1L; seq <= Backlog; seq++)
        {
            Assert.Equal(seq, await behind.ReadSeqAsync());
            if (seq % 1000 != 0) continue;
            // The live one is served while the other is in the middle of its backlog and does not read.
            var published = await session.SayAsync(1);
            Assert.Equal(published[0], await live.NextAsync());
        }

        for (var seq = Backlog + 1L; seq <= session.LastSeq; seq++) Assert.Equal(seq, await behind.ReadSeqAsync());
    }

    [Theory]
    [InlineData(PeerGateway.Memory)]
    [InlineData(PeerGateway.Sqlite)]
    public async Task A_ping_is_answered_ahead_of_a_backlog(string store)
    {
        await using var gateway = await PeerGateway.StartAsync(store);
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayManyAsync(Backlog, 2000);
        await using var behind = await Peer.ConnectAsync(gateway, $"/ws?session_id={session.Id}&after_seq=0", 32 * 1024);
        for (var seq = 1L; seq <= 10_000; seq++) Assert.Equal(seq, await behind.ReadSeqAsync());

        // Nothing is read until the answer is ready: what the gateway sends meanwhile is not more than the kernel takes.
        var sender = Assert.Single(gateway.Connections().Snapshot());
        var (before, own) = (behind.BytesRead, sender.OwnFrames);
        await behind.SendTextAsync("""{"cmd":"ping"}""");
        await Wait.Until(() => sender.OwnFrames > own, "the answer to the ping");
        var next = 10_001L;
        while (await behind.ReadTextAsync() is { } text && !text.Contains("\"pong\"", StringComparison.Ordinal)) next++;

        // What the kernel had taken for it already, and not the whole backlog of some twenty megabytes.
        Assert.InRange(behind.BytesRead - before, 1, 400 * 1024);
        for (; next <= Backlog; next++) Assert.Equal(next, await behind.ReadSeqAsync());
    }

    private static async Task<long> FrameLengthAsync(GatewayFixture gateway, string sessionId)
    {
        await using var other = await Peer.ConnectAsync(gateway, $"/ws?session_id={sessionId}");
        await other.ReadFrameAsync();
        return other.BytesRead;
    }
}
