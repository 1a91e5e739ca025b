using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text.Json;
using Gateway.Delivery;
using Gateway.Delivery.Outputs;
using Gateway.Delivery.Wires;
using Gateway.Doors.WebSockets;
using Gateway.Tests.Infrastructure;
using Gateway.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.Tests.Delivery.Peers;

/// <summary>Who is dropped, and when: the test is the clock, one tick a second.</summary>
public sealed class ConnectionWatchTests
{
    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["Gateway:Delivery:StallTimeout"] = "00:01:00",
        ["Gateway:WebSockets:KeepAliveInterval"] = "00:00:30",
        ["Gateway:WebSockets:KeepAliveTimeout"] = "00:00:20",
    };

    [Fact]
    public async Task A_vanished_peer_is_pinged_and_then_dropped()
    {
        await using var gateway = await PeerGateway.StartWithoutClockAsync(Settings);
        var session = await TestSession.CreateAsync(gateway.Services);
        await using var peer = await Peer.ConnectAsync(gateway, $"/ws?session_id={session.Id}");
        await session.SayAsync(1);
        Assert.Equal(1, await peer.ReadSeqAsync());

        Tick(gateway, 30);
        Assert.Equal(Peer.Ping, (await peer.ReadFrameAsync())!.Value.Opcode);

        // Its system takes what it is sent, which it does not read: it is the answer that counts.
        var gone = gateway.AllGoneAsync();
        var ticks = 0;
        for (; !gone.IsCompleted; ticks++)
        {
            if (gateway.Connections().Count > 0) await session.SayAsync(1);
            gateway.Watch().Look();
            await TurnAsync();
        }

        Assert.InRange(ticks, 20, int.MaxValue);
        await Leftovers.AssertNoneAsync(gateway);
    }

    [Fact]
    public async Task A_peer_that_sends_half_a_frame_and_falls_silent_is_dropped_too()
    {
        await using var gateway = await PeerGateway.StartWithoutClockAsync(Settings);
        await using var peer = await Peer.ConnectAsync(gateway, "/ws");
        await peer.SendBytesAsync([0x81, 0x94, 1, 2]);

        // When the half is heard is not seen from here, so the clock runs until the answer is.
        var ping = peer.ReadFrameAsync().AsTask();
        await TickUntilAsync(gateway, ping, "the ping");
        Assert.Equal(Peer.Ping, (await ping)!.Value.Opcode);
        var end = peer.ReadFrameAsync().AsTask();
        await TickUntilAsync(gateway, end, "the end of the connection");

        Assert.Null(await end);
    }

    [Fact]
    public async Task A_vanished_peer_is_dropped_on_the_hub_too_even_one_that_has_never_pinged()
    {
        await using var gateway = await PeerGateway.StartWithoutClockAsync(Settings);
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(1);
        await using var hub = await HubPeer.SubscribeAsync(gateway, session.Id, 0);
        Assert.Equal(1, await hub.ReadSeqAsync());

        var gone = gateway.AllGoneAsync();
        var ticks = await TickUntilAsync(gateway, gone, "the silent connection to be dropped");

        Assert.InRange(ticks, 50, int.MaxValue);
    }

    [Theory]
    [InlineData("/ws?session_id={0}")]
    [InlineData("/ws?session_id={0}&merge=true")]
    public async Task A_reader_that_takes_a_little_at_a_time_stays(string address)
    {
        await using var gateway = await PeerGateway.StartWithoutClockAsync(new()
        {
            ["Gateway:Delivery:StallTimeout"] = "00:00:30",
            ["Gateway:WebSockets:KeepAliveInterval"] = "1.00:00:00",
        });
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayManyAsync(20_000, 2000);
        await using var slow = await Peer.ConnectAsync(gateway, string.Format(System.Globalization.CultureInfo.InvariantCulture, address, session.Id), 4 * 1024);

        // Thirty kilobytes in the time limit: less than makes room in the gateway's own buffer (64 KiB), and more than
        // can be on its way to this reader without an acknowledgement (8 KiB).
        for (var round = 0; round < 40; round++)
        {
            await slow.ReadBytesAsync(4 * 1024);
            Tick(gateway, 4);
        }

        Assert.Equal(1, gateway.Connections().Count);
        await TickUntilAsync(gateway, gateway.AllGoneAsync(), "one that has stopped to be dropped");
    }

    [Fact]
    public async Task A_stopped_event_stream_is_counted_and_dropped()
    {
        await using var gateway = await PeerGateway.StartWithoutClockAsync(Settings);
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayManyAsync(30_000, 2000);
        await using var stopped = await Peer.StreamAsync(gateway, $"/api/v1/sessions/{session.Id}/events", 4 * 1024);
        await stopped.ReadEventAsync();

        var traffic = gateway.Services.GetRequiredService<WireRegistry>().TrafficOf("sse");
        Assert.Equal(1, traffic.Connections);
        var gone = gateway.AllGoneAsync();
        var ticks = await TickUntilAsync(gateway, gone, "the stopped stream to be dropped");

        Assert.InRange(ticks, 60, int.MaxValue);
        Assert.Equal(0, traffic.Connections);
        Assert.InRange(traffic.Events, 1, 29_999);
        Assert.True(traffic.Bytes > 0);
    }

    [Fact]
    public async Task A_hub_client_on_an_event_stream_that_takes_a_little_stays_and_one_that_stops_is_dropped()
    {
        await using var gateway = await PeerGateway.StartWithoutClockAsync(new()
        {
            ["Gateway:Delivery:StallTimeout"] = "00:00:30",
            ["Gateway:WebSockets:KeepAliveInterval"] = "1.00:00:00",
        });
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayManyAsync(20_000, 2000);
        await using var slow = await StreamHubAsync(gateway, session.Id);

        for (var round = 0; round < 40; round++)
        {
            await slow.ReadBytesAsync(4 * 1024);
            Tick(gateway, 4);
        }

        Assert.Equal(1, gateway.Connections().Count);

        // The last reads of the loop may not have been acknowledged, and its last ticks would then count. Bytes that the
        // reader's system had no room for came after an acknowledgement: the next tick sees it, and the whole time begins.
        await slow.ReadBytesAsync(32 * 1024);
        Tick(gateway, 1);
        var gone = gateway.AllGoneAsync();
        var ticks = await TickUntilAsync(gateway, gone, "one that has stopped to be dropped");
        Assert.InRange(ticks, 30, int.MaxValue);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Kestrel_does_not_drop_who_reads_an_event_stream_slowly(bool hub)
    {
        var gets = new GetNotes();
        await using var gateway = await PeerGateway.StartWithoutClockAsync(more: services => services.AddSingleton<IStartupFilter>(gets));
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(100);
        await using var reader = hub ? await StreamHubAsync(gateway, session.Id) : await Peer.StreamAsync(gateway, $"/api/v1/sessions/{session.Id}/events");
        await reader.ReadBytesAsync(4 * 1024);

        var stream = Assert.Single(gets.Seen);
        Assert.Null(stream.Features.GetRequiredFeature<IHttpMinResponseDataRateFeature>().MinDataRate);
    }

    [Fact]
    public async Task A_connection_that_has_ended_is_not_dropped_as_it_may_serve_another_request()
    {
        await using var gateway = await PeerGateway.StartWithoutClockAsync();
        var feeds = gateway.Services.GetRequiredService<SessionFeeds>();
        var drops = 0;
        var ended = feeds.CreateSender(new GatedOutput(), () => drops++);
        var going = feeds.CreateSender(new GatedOutput(), () => drops++);
        var seen = gateway.Connections().Snapshot();

        await feeds.RemoveAsync(ended);
        foreach (var sender in seen) sender.Abort();

        Assert.Equal(1, drops);
        Assert.Equal([going], gateway.Connections().Snapshot());
        feeds.Remove(going);
    }

    [Fact]
    public async Task A_silent_peer_that_answers_pings_stays()
    {
        await using var gateway = await PeerGateway.StartWithoutClockAsync(Settings);
        var input = new Pipe();
        var output = new GatedOutput();
        using var watched = new Watched(gateway, output);
        await using var stream = new FrameStream(input.Reader.AsStream(), watched.Sender);

        for (var round = 1; round <= 20; round++)
        {
            Tick(gateway, 30);
            Assert.Equal(round, output.Writes.Count(w => w.Span.SequenceEqual(WebSocketFrame.Ping.Span)));
            await input.Writer.WriteAsync(new byte[] { 0x8A, 0x80, 1, 2, 3, 4 });
            Assert.Equal(6, await stream.ReadAsync(new byte[64]));
        }

        Tick(gateway, 49);
        Assert.False(watched.IsDropped);
        Tick(gateway, 1);
        Assert.True(watched.IsDropped);
    }

    [Fact]
    public async Task A_reader_that_was_too_slow_to_be_pinged_has_its_whole_time_to_answer()
    {
        await using var gateway = await PeerGateway.StartWithoutClockAsync(Settings);
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(5);
        var output = new GatedOutput { Gate = new TaskCompletionSource() };
        using var watched = new Watched(gateway, output);
        await watched.SubscribeAsync(session.Id);

        for (var tick = 0; tick < 200; tick++)
        {
            output.Owner!.Progressed();
            Tick(gateway, 1);
        }

        Assert.DoesNotContain(output.Writes, w => w.Span.SequenceEqual(WebSocketFrame.Ping.Span));
        output.Gate.SetResult();
        await Wait.For(Task.Run(() => SpinWait.SpinUntil(() => output.Writes.Any(w => w.Span.SequenceEqual(WebSocketFrame.Ping.Span)))), "the ping behind the backlog");
        Tick(gateway, 19);
        Assert.False(watched.IsDropped);
        Tick(gateway, 1);
        Assert.True(watched.IsDropped);
    }

    [Fact]
    public async Task The_time_to_answer_a_ping_begins_when_the_peers_system_has_it()
    {
        await using var gateway = await PeerGateway.StartWithoutClockAsync(Settings);
        var output = new GatedOutput { Now = new PeerProgress(Given: 100_000, Taken: 40_000) };
        using var watched = new Watched(gateway, output);
        Tick(gateway, 30);

        // A thousand bytes a second: what lay ahead of the ping takes a minute, and then more is sent, which counts for nothing.
        for (var tick = 0; tick <= 60; tick++)
        {
            Tick(gateway, 1);
            output.Now = new PeerProgress(output.Now.Given + 500, output.Now.Taken + 1000);
        }

        Assert.False(watched.IsDropped);
        for (var tick = 0; tick < 19; tick++)
        {
            Tick(gateway, 1);
            output.Now = new PeerProgress(output.Now.Given + 500, output.Now.Taken + 1000);
            Assert.False(watched.IsDropped);
        }

        Tick(gateway, 2);
        Assert.True(watched.IsDropped);
    }

    [Fact]
    public async Task A_peer_whose_system_takes_nothing_either_is_dropped_in_time()
    {
        await using var gateway = await PeerGateway.StartWithoutClockAsync(Settings);
        var output = new GatedOutput { Now = new PeerProgress(Given: 100_000, Taken: 40_000) };
        using var watched = new Watched(gateway, output);

        Tick(gateway, 49);
        Assert.False(watched.IsDropped);
        Tick(gateway, 1);
        Assert.True(watched.IsDropped);
    }

    [Fact]
    public async Task A_slow_reader_that_answers_pings_when_it_comes_to_them_reads_to_the_end_and_stays()
    {
        await using var gateway = await PeerGateway.StartWithoutClockAsync(Settings);
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayManyAsync(8_000, 2000);
        await using var slow = await Peer.ConnectAsync(gateway, $"/ws?session_id={session.Id}", 4 * 1024);
        var sender = Assert.Single(gateway.Connections().Snapshot());

        // Some two kilobytes a second for a quarter of an hour.
        var pings = 0;
        for (var last = 0L; last < session.LastSeq;)
        {
            if (await ReadOneAsync() is not { } message) continue;
            last = Peer.SeqOf(message.Span);
            if (last % 10 == 0) Tick(gateway, 1);
        }

        Assert.True(pings > 5);

        // Up to here everything is read, so that the next ping comes when the clock says so.
        await slow.SendTextAsync("""{"cmd":"ping"}""");
        while (await ReadOneAsync() is null)
        {
            // A ping that was behind the last event.
        }

        for (var silence = 0; silence < 10; silence++)
        {
            Tick(gateway, 30);
            Assert.Null(await ReadOneAsync());
        }

        Assert.Equal(1, gateway.Connections().Count);

        // Null for a ping, which is answered before the clock goes on.
        async Task<ReadOnlyMemory<byte>?> ReadOneAsync()
        {
            var (opcode, payload) = await slow.ReadFrameAsync() ?? throw new InvalidOperationException("The slow reader was dropped.");
            if (opcode == Peer.Text) return payload;
            Assert.Equal(Peer.Ping, opcode);
            pings++;
            Tick(gateway, 1);
            var answered = gateway.Services.GetRequiredService<DeliveryClock>().Ticks;
            await slow.SendFrameAsync(0x80 | Peer.Pong, []);
            await Wait.For(Task.Run(() => SpinWait.SpinUntil(() => sender.HeardAt >= answered)), "the pong to be heard");
            return null;
        }
    }

    [Fact]
    public async Task Slow_is_not_stalled_only_a_whole_timeout_without_progress_is()
    {
        await using var gateway = await PeerGateway.StartWithoutClockAsync(Settings);
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(5);
        var output = new GatedOutput { Gate = new TaskCompletionSource() };
        using var watched = new Watched(gateway, output, pings: false);
        await watched.SubscribeAsync(session.Id);

        Tick(gateway, 59);
        output.Owner!.Progressed();
        Tick(gateway, 59);
        Assert.False(watched.IsDropped);
        Tick(gateway, 1);

        Assert.True(watched.IsDropped);
        output.Gate.SetResult();
    }

    [Fact]
    public async Task A_stalled_reader_is_dropped_and_comes_back_with_its_seq()
    {
        const int backlog = 60_000;
        await using var gateway = await PeerGateway.StartWithoutClockAsync(new()
        {
            ["Gateway:Delivery:StallTimeout"] = "00:01:00",
            ["Gateway:WebSockets:KeepAliveInterval"] = "1.00:00:00",
        });
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayManyAsync(backlog, 2000);
        long last = 0;
        await using (var stalled = await Peer.ConnectAsync(gateway, $"/ws?session_id={session.Id}", 4 * 1024))
        {
            for (; last < 100; last++) Assert.Equal(last + 1, await stalled.ReadSeqAsync());

            var gone = gateway.AllGoneAsync();
            var ticks = await TickUntilAsync(gateway, gone, "the stalled connection to be dropped");
            Assert.InRange(ticks, 60, int.MaxValue);

            // It still finds what the kernel had taken for it, then the end, and no close frame.
            while (await stalled.ReadFrameAsync() is { } frame)
            {
                Assert.Equal(Peer.Text, frame.Opcode);
                Assert.Equal(++last, Peer.SeqOf(frame.Payload.Span));
            }
        }

        Assert.InRange(last, 100, backlog - 1);
        Assert.Contains(gateway.Log.Entries, e => e.Message.Contains("it took nothing for 60 s", StringComparison.Ordinal));
        await using var back = await Peer.ConnectAsync(gateway, $"/ws?session_id={session.Id}&after_seq={last}");
        while (last < backlog) Assert.Equal(++last, await back.ReadSeqAsync());
    }

    /// <summary>A hub connection over Server-Sent Events that is subscribed to a session, and reads what the test reads.</summary>
    private static async Task<Peer> StreamHubAsync(GatewayFixture gateway, string sessionId)
    {
        using var http = new HttpClient { BaseAddress = gateway.Address };
        using var negotiated = await http.PostAsync("/hub/negotiate?negotiateVersion=1", null);
        using var answer = JsonDocument.Parse(await negotiated.Content.ReadAsStringAsync());
        var address = "/hub?id=" + answer.RootElement.GetProperty("connectionToken").GetString();

        var peer = await Peer.StreamAsync(gateway, address, 4 * 1024);
        foreach (var message in (string[])["""{"protocol":"json","version":1}""", $$"""{"type":1,"target":"Subscribe","arguments":["{{sessionId}}",0]}"""])
        {
            using var sent = await http.PostAsync(address, new StringContent(message + "\u001e"));
            sent.EnsureSuccessStatusCode();
        }

        return peer;
    }

    private static void Tick(GatewayFixture gateway, int ticks)
    {
        for (var i = 0; i < ticks; i++) gateway.Watch().Look();
    }

    // The clock of this test runs as fast as the gateway looks.
    private static async Task<int> TickUntilAsync(GatewayFixture gateway, Task end, string what)
    {
        var ticks = 0;
        var given = Wait.For(end, what);
        while (!given.IsCompleted)
        {
            gateway.Watch().Look();
            ticks++;
            await TurnAsync();
        }

        await given;
        return ticks;
    }

    // Behind all that waits in the pool: a plain yield would take this thread's next turn, and keep it from the rest.
    private static Task TurnAsync()
    {
        var turn = new TaskCompletionSource();
        ThreadPool.UnsafeQueueUserWorkItem(static turn => turn.SetResult(), turn, preferLocal: false);
        return turn.Task;
    }

    /// <summary>Remembers the GET requests that come in.</summary>
    private sealed class GetNotes : IStartupFilter
    {
        public ConcurrentQueue<HttpContext> Seen { get; } = [];

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, following) =>
            {
                if (HttpMethods.IsGet(context.Request.Method)) Seen.Enqueue(context);
                return following(context);
            });
            next(app);
        };
    }

    /// <summary>A connection whose output is the test's, from its sender to its removal.</summary>
    private sealed class Watched : IDisposable
    {
        private readonly SessionFeeds _feeds;
        private readonly GatedOutput _output;

        public Watched(GatewayFixture gateway, GatedOutput output, bool pings = true)
        {
            _feeds = gateway.Services.GetRequiredService<SessionFeeds>();
            _output = output;
            Sender = _feeds.CreateSender(output, gateway.Services.GetRequiredService<RawWire>(), () => IsDropped = true, pings);
        }

        public FrameSender Sender { get; }

        public bool IsDropped { get; private set; }

        /// <summary>Subscribes to a session that has events, and waits until the first are being written.</summary>
        public async Task SubscribeAsync(string sessionId)
        {
            await _feeds.SubscribeAsync(Sender, sessionId, 0, merge: false, TestContext.Current.CancellationToken);
            await Wait.For(_output.Written.Task, "the first write");
        }

        public void Dispose() => _feeds.Remove(Sender);
    }

    private sealed class GatedOutput : FrameOutput
    {
        private readonly Lock _lock = new();
        private readonly List<ReadOnlyMemory<byte>> _writes = [];

        public TaskCompletionSource? Gate { get; init; }

        /// <summary>What the system tells of the peer.</summary>
        public PeerProgress Now { get; set; }

        public override PeerProgress Peer => Now;

        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<ReadOnlyMemory<byte>> Writes
        {
            get
            {
                lock (_lock) return [.. _writes];
            }
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> frames)
        {
            lock (_lock) _writes.Add(frames);
            Written.TrySetResult();
            return Gate is null ? default : new ValueTask(Gate.Task);
        }
    }
}
