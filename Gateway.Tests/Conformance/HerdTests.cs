using Gateway.Client;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Http.Connections;
using Xunit;

namespace Gateway.Tests.Conformance;

/// <summary>A thousand clients that lose their connections in the same moment, and all come back.</summary>
public sealed class HerdTests
{
    private const int Clients = 1_000;

    [Fact]
    public async Task All_come_back_and_none_misses_an_event()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var chance = new Random(seed);
        await using var gateway = await CustomFixture.StartAsync();
        await using var line = new RoughLine(gateway.Address, seed: null);
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(5);
        var clients = Enumerable.Range(0, Clients).Select(_ => new GatewayClient(line.Address, Options(chance))).ToList();
        var (watching, again) = (new Countdown(Clients), new Countdown(Clients));

        var readers = clients.Select(ReadAsync).ToList();
        await Wait.For(watching.Over, $"all clients to watch, seed {seed}", TimeSpan.FromSeconds(90));
        Assert.InRange(line.Cut(), Clients, int.MaxValue);
        await session.SayAsync(5);
        await Wait.For(again.Over, $"all clients to be back, seed {seed}", TimeSpan.FromSeconds(90));
        await session.EndAsync();

        var counts = await Wait.For(Task.WhenAll(readers), $"the end of all readers, seed {seed}");
        Assert.All(counts, count => Assert.Equal(11, count));
        foreach (var client in clients) await client.DisposeAsync();

        async Task<long> ReadAsync(GatewayClient client)
        {
            await client.ConnectAsync(TestContext.Current.CancellationToken);
            var last = 0L;
            await foreach (var next in client.ReadEventsAsync(session.Id, 0, TestContext.Current.CancellationToken))
            {
                Assert.Equal(++last, next.Seq);
                if (last == 5) watching.Signal();
                if (last == 10) again.Signal();
            }

            return last;
        }
    }

    // Most on /ws, the least work for a machine that has all of them and the gateway, too.
    private static GatewayClientOptions Options(Random chance) => new()
    {
        Wire = chance.Next(10) switch { 0 => GatewayWire.MessagePack, 1 => GatewayWire.Json, _ => GatewayWire.WebSocket },
        HeartbeatInterval = Timeout.InfiniteTimeSpan,
        RetryFirstConnect = true,
        ConfigureConnection = connection => (connection.SkipNegotiation, connection.Transports) = (true, HttpTransportType.WebSockets),
    };

    private sealed class Countdown(int count)
    {
        private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left = count;

        public Task Over => _over.Task;

        public void Signal()
        {
            if (Interlocked.Decrement(ref _left) == 0) _over.SetResult();
        }
    }
}
