using System.Text;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Delivery.Peers;

/// <summary><c>merge=true</c>: a reader that is behind gets fewer, longer events and the same text.</summary>
public sealed class MergeTests
{
    [Theory]
    [InlineData(PeerGateway.Memory)]
    [InlineData(PeerGateway.Sqlite)]
    public async Task A_blocked_reader_gets_merged_events_that_say_the_same(string store)
    {
        const int rounds = 400;
        const int run = 60;
        await using var gateway = await PeerGateway.StartAsync(store);
        var session = await TestSession.CreateAsync(gateway.Services);
        await using var peer = await Peer.ConnectAsync(gateway, $"/ws?session_id={session.Id}&merge=true", 4 * 1024);
        var said = new Dictionary<string, StringBuilder> { ["n1"] = new(), ["n2"] = new() };
        for (var i = 0; i < rounds; i++)
        {
            var node = i % 2 == 0 ? "n1" : "n2";
            foreach (var e in await session.SayAsync(run, node)) said[node].Append(((SessionEvent<TokenStream>)e).Data.Chunk);
        }

        await session.EndAsync();

        var read = new Dictionary<string, StringBuilder> { ["n1"] = new(), ["n2"] = new() };
        var events = 0;
        var merged = 0;
        var next = 1L;
        while (next <= session.LastSeq)
        {
            var sessionEvent = EventSerializer.Deserialize((await peer.ReadMessageAsync())!.Value.Span)!;
            Assert.Equal(next, sessionEvent.MergedFrom ?? sessionEvent.Seq);
            if (sessionEvent.MergedFrom is not null) merged++;
            if (sessionEvent is SessionEvent<TokenStream> token) read[token.NodeId!].Append(token.Data.Chunk);
            next = sessionEvent.Seq + 1;
            events++;
        }

        Assert.Equal(said["n1"].ToString(), read["n1"].ToString());
        Assert.Equal(said["n2"].ToString(), read["n2"].ToString());
        Assert.NotEqual(0, merged);
        Assert.InRange(events, 1, rounds * run / 4);
    }

    [Fact]
    public async Task A_reader_that_keeps_up_gets_every_event_as_it_was()
    {
        await using var gateway = await PeerGateway.StartAsync();
        var session = await TestSession.CreateAsync(gateway.Services);
        await using var reader = await RawReader.ConnectAsync(gateway, $"/ws?session_id={session.Id}&merge=true");

        for (var i = 0; i < 100; i++)
        {
            foreach (var published in await session.SayAsync(3)) Assert.Equal(published, await reader.NextAsync());
        }
    }
}
