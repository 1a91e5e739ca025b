using System.Diagnostics;
using Gateway.Delivery;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.Tests.Delivery.Peers;

/// <summary>What connections cost, and that they give it back.</summary>
[Collection(AloneCollection.Name)]
public sealed class ResourceTests
{
    private const int Connects = 10_000;
    private const int AtOnce = 1_000;

    [Fact]
    public async Task A_stopped_reader_costs_less_than_64_KiB_however_far_it_is_behind()
    {
        const int stopped = 50;
        const int events = 20_000;
        await using var gateway = await PeerGateway.StartAsync(PeerGateway.Sqlite);
        var session = await TestSession.CreateAsync(gateway.Services);
        await using var live = await Peer.ConnectAsync(gateway, $"/ws?session_id={session.Id}");
        var readers = new List<Peer>();
        for (var i = 0; i < stopped; i++) readers.Add(await Peer.ConnectAsync(gateway, $"/ws?session_id={session.Id}", 4 * 1024));
        await SayAndReadAsync(session, live, 2000);

        var before = GC.GetTotalMemory(forceFullCollection: true);
        await SayAndReadAsync(session, live, events);
        var after = GC.GetTotalMemory(forceFullCollection: true);

        Assert.InRange((after - before) / stopped, long.MinValue, 64 * 1024);
        foreach (var reader in readers) await reader.DisposeAsync();
    }

    [Theory]
    [InlineData("/ws")]
    [InlineData("/hub")]
    public async Task Ten_thousand_connects_and_disconnects_leave_nothing_behind(string door)
    {
        await using var gateway = await PeerGateway.StartAsync();
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(3);
        await session.EndAsync();
        var running = await TestSession.CreateAsync(gateway.Services);
        var feeds = gateway.Services.GetRequiredService<SessionFeeds>();

        await RoundAsync(gateway, door, running.Id);
        await Leftovers.AssertNoneAsync(gateway);
        var before = Usage();
        for (var done = AtOnce; done < Connects; done += AtOnce) await RoundAsync(gateway, door, running.Id);
        await Leftovers.AssertNoneAsync(gateway);
        var after = Usage();

        Assert.Equal(0, feeds.Count);
        Assert.InRange(after.Handles, 0, before.Handles + 50);
        Assert.InRange(after.Threads, 0, before.Threads + 25);
        Assert.InRange(after.Memory, 0, before.Memory + (4 * 1024 * 1024));
    }

    private static async Task SayAndReadAsync(TestSession session, Peer live, int count)
    {
        var last = session.LastSeq + count;
        await session.SayManyAsync(count);
        while (await live.ReadSeqAsync() < last)
        {
            // Until it has all of them.
        }
    }

    // A thousand at a time: they are all connected before the first of them leaves.
    private static async Task RoundAsync(GatewayFixture gateway, string door, string sessionId)
    {
        var peers = new List<Peer>(AtOnce);
        foreach (var chunk in Enumerable.Range(0, AtOnce).Chunk(50)) peers.AddRange(await Task.WhenAll(chunk.Select(_ => ConnectAsync(gateway, door, sessionId))));
        await Task.WhenAll(peers.Select((peer, i) => LeaveAsync(peer, i)));
    }

    private static async Task<Peer> ConnectAsync(GatewayFixture gateway, string door, string sessionId) => door == "/ws"
        ? await Peer.ConnectAsync(gateway, $"/ws?session_id={sessionId}")
        : (await HubPeer.SubscribeAsync(gateway, sessionId, 0)).Peer;

    private static async Task LeaveAsync(Peer peer, int number)
    {
        switch (number % 3)
        {
            case 0:
                peer.Reset();
                break;
            case 1:
                await peer.DisposeAsync();
                break;
            default:
                await peer.SendFrameAsync(0x80 | Peer.Close, [0x03, 0xE8]);
                while (await peer.ReadFrameAsync() is not null)
                {
                    // Up to the end of the connection.
                }

                await peer.DisposeAsync();
                break;
        }
    }

    private static (int Handles, int Threads, long Memory) Usage()
    {
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        using var process = Process.GetCurrentProcess();
        return (process.HandleCount, process.Threads.Count, memory);
    }
}
