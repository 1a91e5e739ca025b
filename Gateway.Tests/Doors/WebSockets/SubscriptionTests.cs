using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Delivery;
using Gateway.Doors.WebSockets;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.Tests.Doors.WebSockets;

/// <summary>What a connection receives: by its address, and by what it asks for later.</summary>
public sealed class SubscriptionTests(SocketFixture gateway) : IClassFixture<SocketFixture>
{
    [Fact]
    public async Task Without_a_session_all_live_events_come_and_each_once()
    {
        var running = await TestSession.CreateAsync(gateway.Services);
        await running.SayAsync(3);
        await using var client = await ConnectAsync("/ws");
        await client.AssertServesAsync();

        var started = Starts.NewId();
        using var http = gateway.CreateClient();
        (await http.PostAsJsonAsync("/api/v1/sessions", Starts.Quick(started))).EnsureSuccessStatusCode();
        await running.SayAsync(2);
        await running.EndAsync();

        var seqs = new Dictionary<string, List<long>> { [running.Id] = [], [started] = [] };
        for (var ends = 0; ends < 2;)
        {
            var next = await client.EventAsync();
            seqs[Session(next)].Add(Seq(next));
            if (next.GetProperty("event").GetString() == "execution:completed") ends++;
        }

        Assert.Equal([4, 5, 6], seqs[running.Id]);
        Assert.Equal(Enumerable.Range(1, seqs[started].Count).Select(i => (long)i), seqs[started]);
        await client.AssertServesAsync();
    }

    [Fact]
    public async Task What_a_broadcast_connection_starts_comes_once()
    {
        await using var client = await ConnectAsync("/ws");
        var id = await client.AckAsync("start_session", Starts.Quick(Starts.NewId()));

        var events = await client.ReadToEndAsync(id);

        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(Seq));
        await client.AckAsync("start_session", Starts.Quick(id));
        await client.AssertServesAsync();
        await AssertNothingMoreAsync(client);
    }

    [Fact]
    public async Task A_connection_that_wants_no_live_events_gets_what_it_asks_for_and_nothing_else()
    {
        var (noisy, wanted) = (await TestSession.CreateAsync(gateway.Services), await TestSession.CreateAsync(gateway.Services));
        await using var client = await ConnectAsync("/ws?live=false");
        await client.AssertServesAsync();

        await noisy.SayAsync(3);
        await client.AckAsync("subscribe", new { session_id = wanted.Id });
        await noisy.SayAsync(3);
        await wanted.SayAsync(2);
        Assert.Equal([1, 2], await SeqsAsync(client, 2));

        var started = await client.AckAsync("start_session", Starts.Quick(Starts.NewId()));
        var events = await client.ReadToEndAsync(started);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(Seq));
        await noisy.SayAsync(1);
        await client.AssertServesAsync();
        await AssertNothingMoreAsync(client);
    }

    [Fact]
    public async Task A_connection_misses_nothing_of_what_starts_as_soon_as_it_is_open()
    {
        for (var round = 0; round < 50; round++)
        {
            var session = await TestSession.CreateAsync(gateway.Services);
            await using var client = await ConnectAsync("/ws");
            await session.SayAsync(2);
            await session.EndAsync();

            Assert.Equal([1, 2, 3], (await client.ReadToEndAsync(session.Id)).Select(Seq));
        }
    }

    [Fact]
    public async Task What_happens_while_a_connection_is_accepted_is_sent_once_it_is()
    {
        var feeds = gateway.Services.GetRequiredService<SessionFeeds>();
        var running = await TestSession.CreateAsync(gateway.Services);
        await running.SayAsync(3);
        using var member = feeds.JoinBroadcast(gateway.Services.GetRequiredService<RawWire>());
        await running.SayAsync(1);
        var started = await TestSession.CreateAsync(gateway.Services);
        await started.SayAsync(2);
        await started.EndAsync();

        var output = new RecordingOutput();
        var sender = feeds.CreateSender(output, gateway.Services.GetRequiredService<RawWire>(), () => { });
        member.Open(sender);
        await running.SayAsync(1);
        var later = await TestSession.CreateAsync(gateway.Services);
        await later.SayAsync(1);

        var events = await output.ReadAsync(6);
        feeds.Remove(sender);
        Assert.Equal([4, 5], events.Where(e => Session(e) == running.Id).Select(Seq));
        Assert.Equal([1, 2, 3], events.Where(e => Session(e) == started.Id).Select(Seq));
        Assert.Equal([1], events.Where(e => Session(e) == later.Id).Select(Seq));
    }

    [Fact]
    public async Task A_connection_that_was_not_accepted_leaves_nothing_behind()
    {
        await using var own = await CustomFixture.StartAsync(sockets: false);
        var feeds = own.Services.GetRequiredService<SessionFeeds>();
        var member = feeds.JoinBroadcast(own.Services.GetRequiredService<RawWire>());
        var session = await TestSession.CreateAsync(own.Services);
        await session.SayAsync(1);
        await session.EndAsync();
        Assert.Equal(1, feeds.Count);

        member.Dispose();
        member.Dispose();

        await Wait.Until(() => feeds.Count == 0, "the feed to be dropped");
    }

    [Fact]
    public async Task A_connection_for_a_session_gets_no_other()
    {
        var mine = await TestSession.CreateAsync(gateway.Services);
        var other = await TestSession.CreateAsync(gateway.Services);
        await using var client = await ConnectAsync($"/ws?session_id={mine.Id}");

        await other.SayAsync(5);
        await mine.SayAsync(1);

        Assert.Equal(mine.Id, Session(await client.EventAsync()));
        await AssertNothingMoreAsync(client);
    }

    [Fact]
    public async Task A_start_adds_its_session_from_the_first_event()
    {
        var watched = await TestSession.CreateAsync(gateway.Services);
        await using var client = await ConnectAsync($"/ws?session_id={watched.Id}");

        var started = await client.AckAsync("start_session", Starts.Quick(Starts.NewId()));
        var events = await client.ReadToEndAsync(started);
        await watched.SayAsync(1);

        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(Seq));
        Assert.Equal(watched.Id, Session(await client.EventAsync()));
    }

    [Fact]
    public async Task Subscribing_adds_a_session_after_a_seq()
    {
        var session = await TestSession.CreateAsync(gateway.Services);
        var other = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(5);
        await using var client = await ConnectAsync($"/ws?session_id={other.Id}");

        await client.AckAsync("subscribe", new { session_id = session.Id, after_seq = 3 });
        await session.SayAsync(1);

        Assert.Equal([4, 5, 6], await SeqsAsync(client, 3));
    }

    [Fact]
    public async Task Subscribing_again_moves_to_the_new_place()
    {
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(3);
        await using var client = await ConnectAsync($"/ws?session_id={session.Id}");
        Assert.Equal([1, 2, 3], await SeqsAsync(client, 3));

        await client.AckAsync("subscribe", new { session_id = session.Id, after_seq = 1 });
        Assert.Equal([2, 3], await SeqsAsync(client, 2));
        await session.SayAsync(1);

        Assert.Equal([4], await SeqsAsync(client, 1));
        await AssertNothingMoreAsync(client);
    }

    [Fact]
    public async Task After_unsubscribing_nothing_of_the_session_comes()
    {
        var session = await TestSession.CreateAsync(gateway.Services);
        var other = await TestSession.CreateAsync(gateway.Services);
        await using var client = await ConnectAsync($"/ws?session_id={session.Id}");
        await client.AckAsync("subscribe", new { session_id = other.Id });

        await client.AckAsync("unsubscribe", new { session_id = session.Id });
        await session.SayAsync(3);
        await other.SayAsync(1);

        Assert.Equal(other.Id, Session(await client.EventAsync()));
        await client.AckAsync("unsubscribe", new { session_id = session.Id });
    }

    [Fact]
    public async Task A_snapshot_comes_before_what_follows_it()
    {
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(4);
        await using var client = await ConnectAsync($"/ws?session_id={session.Id}&snapshot=true");

        var snapshot = await client.EventAsync();
        await session.SayAsync(1);

        AssertSnapshot(snapshot, session.Id, 4);
        Assert.Equal([5], await SeqsAsync(client, 1));
    }

    [Fact]
    public async Task A_snapshot_can_be_asked_for_on_a_connection_that_watches_already()
    {
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(2);
        await using var client = await ConnectAsync($"/ws?session_id={session.Id}");
        Assert.Equal([1, 2], await SeqsAsync(client, 2));

        await client.AckAsync("subscribe", new { session_id = session.Id, snapshot = true });
        await session.SayAsync(2);

        AssertSnapshot(await client.EventAsync(), session.Id, 2);
        Assert.Equal([3, 4], await SeqsAsync(client, 2));
    }

    [Fact]
    public async Task Between_a_snapshot_and_what_follows_it_nothing_else_of_the_session_comes()
    {
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(1);
        await using var client = await ConnectAsync($"/ws?session_id={session.Id}");
        for (var round = 0; round < 20; round++)
        {
            var writer = Task.Run(async () =>
            {
                for (var i = 0; i < 40; i++) await session.SayAsync(3);
            });
            await client.SendAsync(JsonSerializer.Serialize(new { cmd = "subscribe", data = new { session_id = session.Id, snapshot = true } }));
            JsonElement next;
            do next = await client.EventAsync();
            while (next.GetProperty("event").GetString() != "snapshot");
            await Wait.For(writer, "the writer");
            await session.SayAsync(1);

            // Read to the end of what was written, so that nothing of one round is left for the next.
            for (var seq = Seq(next) + 1; seq <= session.LastSeq; seq++) Assert.Equal(seq, Seq(await client.EventAsync()));
        }
    }

    [Theory]
    [InlineData("?session_id=nobody&session_id=other", ErrorCode.InvalidSessionId)]
    [InlineData("?session_id=*&after_seq=0&after_seq=1", ErrorCode.InvalidData)]
    [InlineData("?session_id=nobody", ErrorCode.UnknownSession)]
    [InlineData("?session_id=nobody&snapshot=true", ErrorCode.UnknownSession)]
    [InlineData("?session_id=*&after_seq=4", ErrorCode.SeqOutOfRange)]
    [InlineData("?session_id=*&after_seq=-1", ErrorCode.SeqOutOfRange)]
    [InlineData("?session_id=*&after_seq=9223372036854775807", ErrorCode.SeqOutOfRange)]
    [InlineData("?session_id=*&after_seq=9223372036854775808", ErrorCode.InvalidData)]
    [InlineData("?session_id=*&after_seq=three", ErrorCode.InvalidData)]
    [InlineData("?session_id=*&after_seq=", ErrorCode.InvalidData)]
    [InlineData("?session_id=*&after_seq=1.5", ErrorCode.InvalidData)]
    [InlineData("?session_id=*&after_seq=1&after_seq=2", ErrorCode.InvalidData)]
    [InlineData("?session_id=*&snapshot=maybe", ErrorCode.InvalidData)]
    [InlineData("?session_id=*&merge=maybe", ErrorCode.InvalidData)]
    [InlineData("?live=maybe", ErrorCode.InvalidData)]
    [InlineData("?session_id=*&live=false", ErrorCode.InvalidData)]
    [InlineData("?session_id=..%2Fetc", ErrorCode.InvalidSessionId)]
    [InlineData("?session_id=%00", ErrorCode.InvalidSessionId)]
    [InlineData("?session_id=%FF", ErrorCode.InvalidSessionId)]
    [InlineData("?session_id=", ErrorCode.InvalidSessionId)]
    [InlineData("?session_id=*&session_id=*", ErrorCode.InvalidSessionId)]
    [InlineData("?after_seq=1", ErrorCode.InvalidData)]
    [InlineData("?snapshot=true", ErrorCode.InvalidData)]
    [InlineData("?session_id=*&snapshot=true&after_seq=2", ErrorCode.InvalidData)]
    [InlineData("?sessionId=*", ErrorCode.InvalidData)]
    [InlineData("?session-id=*", ErrorCode.InvalidData)]
    [InlineData("?session=*", ErrorCode.InvalidData)]
    [InlineData("?session_id=*&afterSeq=2", ErrorCode.InvalidData)]
    public async Task An_address_that_cannot_be_served_is_told_so_and_closed_with_1008(string query, string code)
    {
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(3);
        await using var client = await ConnectAsync("/ws" + query.Replace("*", session.Id, StringComparison.Ordinal));

        var error = await client.ReplyAsync();

        Assert.Equal("error", error.GetProperty("event").GetString());
        Assert.True(code == error.GetProperty("data").GetProperty("code").GetString(), error.ToString());
        Assert.Equal(CloseCode.PolicyViolation, await client.CloseCodeAsync());
        Assert.Equal(code, client.Socket.CloseStatusDescription);
    }

    [Theory]
    [InlineData("nobody", 0, ErrorCode.UnknownSession)]
    [InlineData("*", 4, ErrorCode.SeqOutOfRange)]
    [InlineData("*", -1, ErrorCode.SeqOutOfRange)]
    public async Task A_subscription_that_cannot_be_is_refused_and_the_old_ones_stay(string sessionId, long afterSeq, string code)
    {
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(3);
        await using var client = await ConnectAsync($"/ws?session_id={session.Id}&after_seq=3");

        Assert.Equal(code, await client.RefusalAsync("subscribe", new { session_id = sessionId.Replace("*", session.Id, StringComparison.Ordinal), after_seq = afterSeq }));
        await session.SayAsync(1);

        Assert.Equal([4], await SeqsAsync(client, 1));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    [InlineData(99)]
    public async Task A_snapshot_and_a_seq_are_two_beginnings(long afterSeq)
    {
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(3);
        await using var client = await ConnectAsync($"/ws?session_id={session.Id}&after_seq=3");

        var refusal = await client.AskAsync("subscribe", new { session_id = session.Id, after_seq = afterSeq, snapshot = true });
        await client.AckAsync("subscribe", new { session_id = session.Id, after_seq = 1, snapshot = false });

        Assert.Equal(ErrorCode.InvalidData, refusal.GetProperty("data").GetProperty("code").GetString());
        Assert.Contains("'after_seq'", refusal.GetProperty("data").GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal([2, 3], await SeqsAsync(client, 2));
    }

    [Fact]
    public async Task The_clients_close_is_answered_with_1000()
    {
        await using var client = await ConnectAsync("/ws");

        await Wait.For(client.Socket.CloseOutputAsync(System.Net.WebSockets.WebSocketCloseStatus.EndpointUnavailable, "bye", CancellationToken.None), "the close to be sent");

        Assert.Equal(CloseCode.Normal, await client.CloseCodeAsync());
    }

    [Fact]
    public async Task A_client_that_vanishes_disturbs_nobody()
    {
        var session = await TestSession.CreateAsync(gateway.Services);
        await using var stays = await ConnectAsync($"/ws?session_id={session.Id}");
        var vanishes = await ConnectAsync($"/ws?session_id={session.Id}");
        vanishes.Socket.Abort();

        await session.SayAsync(50);

        Assert.Equal(Enumerable.Range(1, 50).Select(i => (long)i), await SeqsAsync(stays, 50));
        await vanishes.DisposeAsync();
    }

    [Fact]
    public async Task Without_an_upgrade_the_address_says_what_it_is()
    {
        using var http = gateway.CreateClient();

        using var response = await http.GetAsync(new Uri("/ws", UriKind.Relative));

        Assert.Equal(System.Net.HttpStatusCode.UpgradeRequired, response.StatusCode);
        Assert.Contains("ws://", await response.Content.ReadAsStringAsync());
    }

    private Task<WsClient> ConnectAsync(string pathAndQuery) => WsClient.ConnectAsync(gateway, pathAndQuery);

    private static long Seq(JsonElement frame) => frame.GetProperty("seq").GetInt64();

    private static string Session(JsonElement frame) => frame.GetProperty("data").GetProperty("session_id").GetString()!;

    private static async Task<List<long>> SeqsAsync(WsClient client, int count)
    {
        var seqs = new List<long>();
        while (seqs.Count < count) seqs.Add(Seq(await client.EventAsync()));
        return seqs;
    }

    // A subscription to a session that has one event only is served after everything that was on its way.
    private async Task AssertNothingMoreAsync(WsClient client)
    {
        var marker = await TestSession.CreateAsync(gateway.Services);
        await marker.SayAsync(1);
        await client.AckAsync("subscribe", new { session_id = marker.Id });
        Assert.Equal(marker.Id, Session(await client.EventAsync()));
    }

    private static void AssertSnapshot(JsonElement frame, string sessionId, long seq)
    {
        Assert.Equal(["event", "timestamp", "seq", "data"], frame.EnumerateObject().Select(m => m.Name));
        Assert.Equal("snapshot", frame.GetProperty("event").GetString());
        Assert.Equal(seq, Seq(frame));
        Assert.Equal(seq, frame.GetProperty("data").GetProperty("last_seq").GetInt64());
        Assert.Equal(sessionId, Session(frame));
    }
}
