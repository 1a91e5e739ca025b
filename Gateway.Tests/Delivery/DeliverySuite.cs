using System.Net;
using Gateway.Contracts;
using Gateway.Tests.Delivery.Peers;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Delivery;

/// <summary>Promise 3 on every wire: whole and in order, whether one joins early, late, after the end, or comes back.</summary>
public abstract class DeliverySuite(GatewayFixture gateway)
{
    protected GatewayFixture Gateway { get; } = gateway;

    [Fact]
    public async Task Stored_events_come_first_to_last()
    {
        var session = await TestSession.CreateAsync(Gateway.Services);
        var published = await session.SayAsync(1000);

        await using var reader = await ConnectAsync(session.Id, 0);

        await AssertReadsAsync(reader, published);
    }

    [Fact]
    public async Task Events_after_a_seq_come_without_the_ones_before()
    {
        var session = await TestSession.CreateAsync(Gateway.Services);
        var published = await session.SayAsync(300);

        await using var reader = await ConnectAsync(session.Id, 120);

        await AssertReadsAsync(reader, published.Skip(120));
    }

    [Fact]
    public async Task A_reader_at_the_head_gets_what_comes_next()
    {
        var session = await TestSession.CreateAsync(Gateway.Services);
        await session.SayAsync(5);
        await using var reader = await ConnectAsync(session.Id, 5);

        var published = await session.SayAsync(3);

        await AssertReadsAsync(reader, published);
    }

    [Fact]
    public async Task A_reader_may_come_before_the_first_event()
    {
        var session = await TestSession.CreateAsync(Gateway.Services);
        await using var reader = await ConnectAsync(session.Id, 0);

        var published = await session.SayAsync(3);

        await AssertReadsAsync(reader, published);
    }

    [Fact]
    public async Task A_finished_session_is_replayed_to_its_end()
    {
        var session = await TestSession.CreateAsync(Gateway.Services);
        var published = (await session.SayAsync(20)).Concat(await session.EndAsync()).ToList();

        await using var reader = await ConnectAsync(session.Id, 7);

        await AssertReadsAsync(reader, published.Skip(7));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_stream_ends_after_the_last_event(bool live)
    {
        var session = await TestSession.CreateAsync(Gateway.Services);
        var published = (await session.SayAsync(3)).ToList();
        if (!live) published.AddRange(await session.EndAsync());
        await using var reader = await ConnectAsync(session.Id, 1);
        if (live) published.AddRange(await session.EndAsync());

        await AssertReadsAsync(reader, published.Skip(1));

        await reader.EndAsync();
        await Wait.Until(() => !IsWatched(session.Id), "the subscription to be over");
    }

    [Fact]
    public async Task The_connection_limit_holds()
    {
        await using var gateway = await CustomFixture.StartLikeAsync(Gateway, new() { ["Gateway:Limits:MaxConnections"] = "1" });
        var session = await TestSession.CreateAsync(gateway.Services);
        await using var first = await ConnectAsync(gateway, session.Id, 0);
        await AssertReadsAsync(first, await session.SayAsync(1));

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => ConnectAsync(gateway, session.Id, 0));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        await AssertReadsAsync(first, await session.SayAsync(1));
        await first.DisposeAsync();
        await Wait.For(gateway.AllGoneAsync(), "the place to be given back");
        await using var next = await ConnectAsync(gateway, session.Id, 2);
        await AssertReadsAsync(next, await session.SayAsync(1));
    }

    [Fact]
    public async Task An_event_of_a_megabyte_arrives_whole()
    {
        var session = await TestSession.CreateAsync(Gateway.Services);
        await using var reader = await ConnectAsync(session.Id, 0);

        var published = await session.SayAsync(1, text: new string('x', 100 * 1024));

        await AssertReadsAsync(reader, published);
    }

    [Fact]
    public async Task Text_of_all_scripts_arrives_as_it_was_said()
    {
        var session = await TestSession.CreateAsync(Gateway.Services);
        await using var reader = await ConnectAsync(session.Id, 0);

        var published = await session.SayAsync(1, text: "辩论 \"quoted\" \\ \u2028 \0 🧑‍⚖️ é <b>");

        await AssertReadsAsync(reader, published);
    }

    [Fact]
    public async Task Joining_while_events_flow_leaves_no_seam()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage("seed {0}", seed);
        var random = new Random(seed);
        var session = await TestSession.CreateAsync(Gateway.Services);
        const int total = 4000;
        var starts = Enumerable.Range(0, 8).Select(_ => random.Next(0, total / 2)).ToList();

        var writer = Task.Run(async () =>
        {
            var sizes = new Random(seed + 1);
            while (session.LastSeq < total) await session.SayAsync((int)Math.Min(sizes.Next(1, 40), total - session.LastSeq));
        });
        var readers = starts.Select(async start =>
        {
            await using var first = await ConnectAsync(session.Id, 0);
            for (var seq = 1L; seq <= start; seq++) Assert.Equal(seq, (await first.NextAsync()).Seq);
            await first.DisposeAsync();

            await using var second = await ConnectAsync(session.Id, start);
            for (var seq = start + 1L; seq <= total; seq++)
            {
                var next = await second.NextAsync();
                Assert.True(seq == next.Seq, $"seed {seed}: expected seq {seq}, got {next.Seq}");
                Assert.Equal($"tok{seq} ", ((SessionEvent<TokenStream>)next).Data.Chunk);
            }
        });
        await Wait.For(Task.WhenAll(readers.Append(writer)), $"all readers to read all events (seed {seed})");
    }

    [Fact]
    public async Task An_unknown_session_is_refused()
    {
        await using var reader = await ConnectAsync("no-such-session", 0);

        Assert.Equal(ErrorCode.UnknownSession, await reader.RefusalAsync());
    }

    [Fact]
    public async Task A_seq_beyond_the_head_is_refused()
    {
        var session = await TestSession.CreateAsync(Gateway.Services);
        await session.SayAsync(3);

        await using var reader = await ConnectAsync(session.Id, 4);

        Assert.Equal(ErrorCode.SeqOutOfRange, await reader.RefusalAsync());
    }

    protected abstract Task<IWireReader> ConnectAsync(GatewayFixture gateway, string sessionId, long afterSeq);

    private Task<IWireReader> ConnectAsync(string sessionId, long afterSeq) => ConnectAsync(Gateway, sessionId, afterSeq);

    private bool IsWatched(string sessionId) => Gateway.Connections().Snapshot().Any(sender => sender.Has(sessionId));

    private static async Task AssertReadsAsync(IWireReader reader, IEnumerable<SessionEvent> expected)
    {
        foreach (var sessionEvent in expected)
        {
            var actual = await reader.NextAsync();
            Assert.Equal(sessionEvent, actual);
        }
    }
}
