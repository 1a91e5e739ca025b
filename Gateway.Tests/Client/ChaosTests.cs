using System.Collections.Concurrent;
using Gateway.Client;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Client;

public sealed class ChaosTests : ClientTest
{
    [Theory]
    [InlineData(GatewayWire.MessagePack)]
    [InlineData(GatewayWire.Json)]
    [InlineData(GatewayWire.WebSocket)]
    public async Task Readers_get_everything_once_whatever_happens_on_the_way(GatewayWire wire)
    {
        const int Last = 3_000;
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var faults = new Random(seed);
        var sent = new ConcurrentDictionary<long, int>();
        Server.Fault = e =>
        {
            // Once for each event: a gateway loses nothing for good.
            if (sent.AddOrUpdate(e.Seq, 1, (_, n) => n + 1) > 1) return Fault.None;
            lock (faults) return faults.Next(100) switch { < 2 => Fault.Skip, < 4 => Fault.Garble, < 8 => Fault.Double, _ => Fault.None };
        };
        Server.Session("s-1").Say(Last - 1).End();
        var client = await ConnectAsync(o => (o.Wire, o.BufferSize, o.MaxGapRetries) = (wire, 64, 100));

        var readers = Enumerable.Range(0, 4).Select(reader => ReadAsync(reader, afterSeq: reader * 100)).ToList();

        for (var reader = 0; reader < readers.Count; reader++)
        {
            AssertSeqs((reader * 100) + 1, Last, await Wait.For(readers[reader], $"the end of reader {reader}, seed {seed}"));
        }

        async Task<List<SessionEvent>> ReadAsync(int reader, long afterSeq)
        {
            var chance = new Random(seed + reader);
            var all = new List<SessionEvent>();
            await foreach (var e in client.ReadEventsAsync("s-1", afterSeq, Token))
            {
                all.Add(e);
                if (chance.Next(50) == 0) await Task.Yield();
                switch (chance.Next(1_500))
                {
                    case 0:
                        Server.CutSockets();
                        break;
                    case 1:
                        Server.CloseConnections();
                        break;
                    case < 5:
                        // A consumer that is busy with something else for a while.
                        await client.PingAsync(Token);
                        break;
                }
            }

            return all;
        }
    }
}
