using System.Text;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Delivery.Peers;

/// <summary>Peers that break the rules are shown out, and nobody else notices.</summary>
public sealed class HostilePeerTests(SocketFixture gateway) : IClassFixture<SocketFixture>
{
    private const int Final = 0x80;
    private const int ProtocolError = 1002;

    [Fact]
    public Task An_unmasked_frame_is_a_protocol_error() => AssertClosesAsync(ProtocolError, peer => peer.Frame(Final | Peer.Text, "{\"cmd\":\"ping\"}"u8.ToArray(), masked: false));

    [Fact]
    public Task A_reserved_bit_is_a_protocol_error() => AssertClosesAsync(ProtocolError, peer => peer.Frame(Final | 0x40 | Peer.Text, "{}"u8.ToArray()));

    [Fact]
    public Task A_reserved_opcode_is_a_protocol_error() => AssertClosesAsync(ProtocolError, peer => peer.Frame(Final | 3, "{}"u8.ToArray()));

    [Fact]
    public Task A_fragmented_control_frame_is_a_protocol_error() => AssertClosesAsync(ProtocolError, peer => peer.Frame(Peer.Ping, "x"u8.ToArray()));

    [Fact]
    public Task A_long_control_frame_is_a_protocol_error() => AssertClosesAsync(ProtocolError, peer => peer.Frame(Final | Peer.Ping, new byte[200]));

    [Fact]
    public Task A_continuation_of_nothing_is_a_protocol_error() => AssertClosesAsync(ProtocolError, peer => peer.Frame(Final, "x"u8.ToArray()));

    [Fact]
    public Task A_negative_length_is_a_protocol_error() => AssertClosesAsync(ProtocolError, _ => [Final | Peer.Text, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]);

    [Fact]
    public async Task A_frame_that_promises_an_exabyte_ends_at_the_message_limit()
    {
        await using var peer = await Peer.ConnectAsync(gateway, "/ws");
        await peer.SendBytesAsync([Final | Peer.Text, 0xFF, 0x0F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4]);
        await peer.SendBytesAsync(new byte[(64 * 1024) + 1]);

        Assert.Equal(1009, await peer.ReadCloseCodeAsync());
    }

    [Fact]
    public async Task Text_that_is_not_utf8_closes_or_is_refused_but_breaks_nothing()
    {
        await using var peer = await Peer.ConnectAsync(gateway, "/ws");
        await peer.SendFrameAsync(Final | Peer.Text, [0xC3, 0x28]);

        Assert.Contains(await FirstAnswerAsync(peer), new[] { "close 1007", "invalid_frame" });
    }

    [Fact]
    public async Task Control_frames_in_the_middle_of_a_message_are_answered_and_the_message_stays_whole()
    {
        await using var peer = await Peer.ConnectAsync(gateway, "/ws");

        await peer.SendFrameAsync(Peer.Text, "{\"cmd\":"u8.ToArray());
        await peer.SendFrameAsync(Final | Peer.Ping, "are you there"u8.ToArray());
        var pong = (await peer.ReadFrameAsync())!.Value;
        var answer = Encoding.UTF8.GetString(pong.Payload.Span);
        await peer.SendFrameAsync(0, "\"pi"u8.ToArray());
        await peer.SendFrameAsync(Final | Peer.Pong, []);
        await peer.SendFrameAsync(Final, "ng\"}"u8.ToArray());

        Assert.Equal((Peer.Pong, "are you there"), (pong.Opcode, answer));
        Assert.Contains("\"pong\"", await peer.ReadTextAsync());
    }

    [Fact]
    public async Task A_clients_close_is_answered_with_a_close()
    {
        await using var peer = await Peer.ConnectAsync(gateway, "/ws");
        await peer.SendFrameAsync(Final | Peer.Close, [0x03, 0xE8]);

        Assert.Equal(1000, await peer.ReadCloseCodeAsync());
        Assert.Null(await peer.ReadFrameAsync());
    }

    [Fact]
    public async Task A_peer_that_never_answers_a_close_is_dropped_after_the_timeout()
    {
        await using var own = await PeerGateway.StartAsync(settings: new() { ["Gateway:WebSockets:CloseTimeout"] = "00:00:00.2" });
        await using var peer = await Peer.ConnectAsync(own, "/ws");
        await peer.SendFrameAsync(Final | Peer.Binary, [1]);

        Assert.Equal(1003, await peer.ReadCloseCodeAsync());
        Assert.Null(await peer.ReadFrameAsync());
    }

    [Theory]
    [InlineData("/ws", Peer.Binary)]
    [InlineData("/ws", Peer.Close)]
    [InlineData("/hub", Peer.Close)]
    public async Task A_peer_that_is_to_be_closed_and_does_not_read_is_dropped_after_the_timeout(string path, int opcode)
    {
        await using var own = await PeerGateway.StartWithoutClockAsync(new()
        {
            ["Gateway:Delivery:StallTimeout"] = "1.00:00:00",
            ["Gateway:WebSockets:KeepAliveInterval"] = "1.00:00:00",
            ["Gateway:WebSockets:CloseTimeout"] = "00:00:07",
        });
        var session = await TestSession.CreateAsync(own.Services);
        await session.SayManyAsync(60_000, 2000);
        await using var peer = path == "/ws"
            ? await Peer.ConnectAsync(own, $"/ws?session_id={session.Id}", 4 * 1024)
            : (await HubPeer.SubscribeAsync(own, session.Id, 0)).Peer;
        await peer.ReadBytesAsync(1);

        await peer.SendFrameAsync(Final | opcode, [0x03, 0xE8]);

        // Twelve megabytes are more than the kernel takes, so the close frame is never written.
        var gone = own.AllGoneAsync();

        // The hub's last words are waited for, too. That wait may begin, and be over, before the one for the close frame.
        for (var waits = 0; waits < 2 && !gone.IsCompleted; waits++)
        {
            await Wait.For(Task.WhenAny(gone, own.Clock().PassAsync(TimeSpan.FromSeconds(7))), "the wait for the close frame");
        }

        await Wait.For(gone, "the connection to be dropped");
    }

    [Fact]
    public async Task Garbage_instead_of_http_is_refused()
    {
        await using var peer = await Peer.DialAsync(gateway);
        await peer.SendBytesAsync([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x0D, 0x0A, 0x0D, 0x0A]);

        var head = await peer.ReadHeadAsync();

        Assert.True(head.Length == 0 || head.StartsWith("HTTP/1.1 400", StringComparison.Ordinal), head);
    }

    [Theory]
    [InlineData("/ws")]
    [InlineData("/hub")]
    public async Task A_reset_at_any_point_of_the_handshake_leaves_nothing_behind(string path)
    {
        await using var own = await PeerGateway.StartAsync();
        var handshake = Peer.Handshake(path);
        for (var length = 1; length <= handshake.Length; length += 7)
        {
            var peer = await Peer.DialAsync(own);
            await peer.SendBytesAsync(handshake[..length]);
            peer.Reset();
        }

        // On the hub: accepted as a WebSocket, gone before it has shaken hands with SignalR.
        for (var i = 0; i < 20; i++) (await Peer.ConnectAsync(own, path)).Reset();

        await Leftovers.AssertNoneAsync(own);
    }

    [Fact]
    public async Task Half_a_frame_and_silence_hold_nobody_up()
    {
        var session = await TestSession.CreateAsync(gateway.Services);
        await using var silent = await Peer.ConnectAsync(gateway, $"/ws?session_id={session.Id}");
        await silent.SendBytesAsync([Final | Peer.Text, 0x80 | 20, 1, 2, 3]);
        await using var other = await RawReader.ConnectAsync(gateway, $"/ws?session_id={session.Id}");

        var published = await session.SayAsync(50);

        foreach (var sessionEvent in published)
        {
            Assert.Equal(sessionEvent, await other.NextAsync());
            Assert.Equal(sessionEvent.Seq, await silent.ReadSeqAsync());
        }
    }

    private async Task AssertClosesAsync(int code, Func<Peer, byte[]> bytes)
    {
        await using var peer = await Peer.ConnectAsync(gateway, "/ws");
        await peer.SendBytesAsync(bytes(peer));

        Assert.Equal(code, await peer.ReadCloseCodeAsync());
        Assert.Null(await peer.ReadFrameAsync());
    }

    private static async Task<string> FirstAnswerAsync(Peer peer)
    {
        var frame = (await peer.ReadFrameAsync())!.Value;
        if (frame.Opcode == Peer.Close) return $"close {(frame.Payload.Span[0] << 8) | frame.Payload.Span[1]}";
        return Encoding.UTF8.GetString(frame.Payload.Span).Contains("invalid_frame", StringComparison.Ordinal) ? "invalid_frame" : "something else";
    }
}
