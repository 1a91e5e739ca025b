using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Gateway.Admission;
using Gateway.Contracts;
using Gateway.Doors.Http;
using Gateway.Tests.Delivery.Peers;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Gateway.Tests.Admission;

/// <summary>Large commands and answers of all clients share one number of bytes, on every door; small ones know nothing of it.</summary>
public sealed class LargeMessageTests : IAsyncLifetime
{
    private const string Setting = "Gateway:Limits:MaxBytesInFlight";
    private static readonly string Large = new('x', 300_000);

    private GatewayFixture _gateway = null!;
    private LargeMessages _large = null!;
    private FakeTimeProvider _time = null!;
    private HttpClient _http = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _gateway = await PeerGateway.StartWithoutClockAsync(new() { [Setting] = "1048576", ["Gateway:WebSockets:MaxMessageBytes"] = "1000000" });
        _large = _gateway.Services.GetRequiredService<LargeMessages>();
        _time = (FakeTimeProvider)_gateway.Services.GetRequiredService<TimeProvider>();
        _http = new HttpClient { BaseAddress = _gateway.Address };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Wait.Until(() => _large.Budget is { Used: 0, Wanted: 0 }, "all bytes to be given back");
        await _gateway.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Over_HTTP_a_large_body_waits_and_is_refused_while_small_ones_pass(bool chunked)
    {
        using (await TakeAllAsync())
        {
            using var refused = await PatienceEnds(PostAsync(Large, chunked));
            var problem = JsonElement.Parse(await refused.Content.ReadAsStringAsync(Token));
            Assert.Equal((HttpStatusCode.TooManyRequests, ErrorCode.LimitExceeded), (refused.StatusCode, problem.GetProperty("code").GetString()));
            Assert.Contains(Setting, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);

            using var small = await PostAsync("Tea?", chunked);
            Assert.Equal(HttpStatusCode.Created, small.StatusCode);
        }

        using var again = await PostAsync(Large, chunked);
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
    }

    [Fact]
    public async Task One_that_waits_is_done_when_its_turn_comes()
    {
        var all = await TakeAllAsync();
        var waiting = PostAsync(Large, chunked: false);
        await Wait.Until(() => _large.Budget.Wanted > 0, "the large one to wait");
        all.Dispose();
        using var answer = await Wait.For(waiting, "the large one");
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    [Fact]
    public async Task On_ws_a_large_command_is_refused_with_its_id_and_the_connection_goes_on()
    {
        await using var reader = await RawReader.ConnectAsync(_gateway, "/ws");
        var start = $$$"""{"cmd":"start_session","id":"7","data":{"workflow_id":"quick-answer","session_id":"{{{Starts.NewId()}}}","subject":"{{{Large}}}"}}""";
        using (await TakeAllAsync())
        {
            await reader.SendAsync(start);
            var refused = await PatienceEnds(ReplyAsync(reader));
            Assert.Equal("7", refused.GetProperty("id").GetString());
            Assert.Equal((ErrorCode.LimitExceeded, "start_session"), (refused.GetProperty("data").GetProperty("code").GetString(), refused.GetProperty("data").GetProperty("cmd").GetString()));
            Assert.Contains(Setting, refused.GetProperty("data").GetProperty("error").GetString(), StringComparison.Ordinal);

            await reader.SendAsync("""{"cmd":"ping","id":"8"}""");
            Assert.Equal("8", (await ReplyAsync(reader)).GetProperty("id").GetString());
        }

        await reader.SendAsync(start);
        Assert.Equal("ack", (await ReplyAsync(reader)).GetProperty("event").GetString());
    }

    [Theory]
    [InlineData(false, HttpTransportType.WebSockets)]
    [InlineData(true, HttpTransportType.WebSockets)]
    [InlineData(false, HttpTransportType.ServerSentEvents)]
    [InlineData(true, HttpTransportType.LongPolling)]
    public async Task On_the_hub_a_large_call_ends_its_connection_which_may_come_back(bool messagePack, HttpTransportType transport)
    {
        using (await TakeAllAsync())
        {
            await using var hub = await HubReader.ConnectAsync(_gateway, messagePack, transport);
            var closed = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
            hub.Connection.Closed += reason =>
            {
                closed.TrySetResult(reason);
                return Task.CompletedTask;
            };
            Assert.NotNull((await StartAsync(hub, "Tea?")).SessionId);
            var call = StartAsync(hub, Large);
            Assert.NotNull(await Record.ExceptionAsync(() => PatienceEnds(call)));
            Assert.Contains($"{ErrorCode.LimitExceeded}: ", (await Wait.For(closed.Task, "the end"))?.Message, StringComparison.Ordinal);
        }

        await using var again = await HubReader.ConnectAsync(_gateway, messagePack, transport);
        Assert.NotNull((await StartAsync(again, Large)).SessionId);
    }

    [Fact]
    public async Task A_body_that_comes_too_slowly_gives_way_to_one_that_waits()
    {
        using var slow = await OpenAsync($"POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1500000\r\n\r\n{new string(' ', 100_000)}");
        await Wait.Until(() => _large.Budget.Used > 0, "the slow one to take its bytes");
        _time.Advance(ByteBudget.LongestTransfer - TimeSpan.FromSeconds(1));
        using var answer = await PatienceEnds(PostAsync(Large, chunked: false));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var head = new byte[1000];
        var length = await Wait.For(slow.ReceiveAsync(head, Token).AsTask(), "the answer to the slow one");
        Assert.StartsWith("HTTP/1.1 429 ", Encoding.ASCII.GetString(head, 0, length), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_leaves_in_mid_body_gives_its_bytes_back()
    {
        using var leaves = await OpenAsync($"POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500000\r\n\r\n{new string(' ', 100_000)}");
        await Wait.Until(() => _large.Budget.Used > 0, "the body's bytes");
        leaves.LingerState = new LingerOption(true, 0);
        leaves.Dispose();
        await Wait.Until(() => _large.Budget.Used == 0, "the body's bytes back");

        await using var call = await Peer.ConnectAsync(_gateway, "/hub");
        await call.SendTextAsync("{\"protocol\":\"json\",\"version\":1}\u001e");
        for (var i = 0; i < 5; i++) await call.SendTextAsync(new string(' ', 40_000));
        await Wait.Until(() => _large.Budget.Used > 0, "the call's bytes");
        await call.DisposeAsync();
        await Wait.Until(() => _large.Budget.Used == 0, "the call's bytes back");
    }

    [Fact]
    public async Task Readers_of_one_large_state_share_its_text_which_counts_once()
    {
        var session = await TestSession.CreateAsync(_gateway.Services);
        await session.SayAsync(8, text: new string('y', 100_000));
        var texts = _gateway.Services.GetRequiredService<SnapshotTexts>();
        var readers = new List<Socket>();
        try
        {
            for (var i = 0; i < 20; i++) readers.Add(await OpenAsync($"GET /api/v1/sessions/{session.Id} HTTP/1.1\r\nHost: localhost\r\n\r\n", receiveBuffer: 4096));
            await Wait.Until(() => texts.Readers == readers.Count, "all of them to be written to");
            await Wait.Until(() => _large.Budget.Used is > 800_000 and < 850_000, "the one text to be made");
            Assert.Equal(1, texts.Count);

            // Each of them gets the whole.
            foreach (var reader in readers) Assert.Equal(session.Id, JsonElement.Parse(await BodyAsync(reader)).GetProperty("session_id").GetString());
        }
        finally
        {
            foreach (var reader in readers) reader.Dispose();
        }
    }

    [Fact]
    public async Task Large_snapshots_are_refused_on_every_door_while_there_is_no_room()
    {
        var session = await TestSession.CreateAsync(_gateway.Services);
        await session.SayAsync(3, text: new string('y', 100_000));
        using (await TakeAllAsync())
        {
            using var refused = await PatienceEnds(_http.GetAsync(new Uri($"/api/v1/sessions/{session.Id}", UriKind.Relative), Token));
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);

            await using var reader = await RawReader.ConnectAsync(_gateway, "/ws");
            await reader.SendAsync($$$"""{"cmd":"subscribe","id":"1","data":{"session_id":"{{{session.Id}}}","snapshot":true}}""");
            Assert.Equal(ErrorCode.LimitExceeded, await PatienceEnds(reader.RefusalAsync()));

            await using var hub = await HubReader.ConnectAsync(_gateway, messagePack: true);
            var refusal = await Assert.ThrowsAsync<HubException>(() => PatienceEnds(hub.Connection.InvokeAsync<SessionSnapshot>(nameof(IWorkflowHub.SubscribeSnapshot), session.Id, Token)));
            Assert.Contains(Setting, refusal.Message, StringComparison.Ordinal);
        }

        await using var again = await HubReader.ConnectAsync(_gateway, messagePack: false);
        Assert.Equal(3, (await Wait.For(again.Connection.InvokeAsync<SessionSnapshot>(nameof(IWorkflowHub.SubscribeSnapshot), session.Id, Token), "the snapshot")).LastSeq);
        await using var watches = await RawReader.ConnectAsync(_gateway, $"/ws?session_id={session.Id}&snapshot=true");
        var first = new byte[4096];
        await Wait.For(watches.Socket.ReceiveAsync(first.AsMemory(), Token).AsTask(), "the snapshot on /ws");
        Assert.StartsWith("""{"event":"snapshot",""", Encoding.UTF8.GetString(first), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"cmd":"a","id":"b","data":{"x":"yyyy""", "b", "a")]
    [InlineData("""{"id":"b","data":{"x":[1,2]},"cmd":"a","data2":[""", "b", "a")]
    [InlineData("""{"data":{"x":"yyyy""", null, null)]
    [InlineData("""{"cmd":7,"id":["b"],"cm""", null, null)]
    [InlineData("""[{"id":"b""", null, null)]
    [InlineData("""nonsense""", null, null)]
    public void Of_a_frame_that_was_not_read_the_beginning_tells_what_it_can(string beginning, string? id, string? command) =>
        Assert.Equal((id, command), Gateway.Doors.WebSockets.CommandFrame.PeekBeginning(Encoding.UTF8.GetBytes(beginning)));

    [Fact]
    public async Task A_page_of_large_events_ends_where_there_is_no_room_for_the_next()
    {
        var session = await TestSession.CreateAsync(_gateway.Services);
        await session.SayAsync(3);
        await session.SayAsync(2, text: Large);
        var page = new Uri($"/api/v1/sessions/{session.Id}/events", UriKind.Relative);
        var rest = new Uri($"/api/v1/sessions/{session.Id}/events?after_seq=3", UriKind.Relative);
        using (await TakeAllAsync())
        {
            using var begun = await PatienceEnds(_http.GetAsync(page, Token));
            var events = JsonElement.Parse(await begun.Content.ReadAsStringAsync(Token));
            Assert.Equal((3, 5L, 3L), (events.GetProperty("events").GetArrayLength(), events.GetProperty("last_seq").GetInt64(), events.GetProperty("next_after_seq").GetInt64()));

            using var refused = await PatienceEnds(_http.GetAsync(rest, Token));
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Contains(Setting, await refused.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }

        var whole = JsonElement.Parse(await _http.GetStringAsync(page, Token));
        Assert.Equal((5, 5L), (whole.GetProperty("events").GetArrayLength(), whole.GetProperty("next_after_seq").GetInt64()));
    }

    [Fact]
    public async Task Who_reads_a_page_of_large_events_too_slowly_makes_room_for_those_who_wait()
    {
        var session = await TestSession.CreateAsync(_gateway.Services);
        await session.SayAsync(1, text: new string('x', 900_000));
        using var slow = await OpenAsync($"GET /api/v1/sessions/{session.Id}/events HTTP/1.1\r\nHost: localhost\r\n\r\n", receiveBuffer: 4096);
        await Wait.Until(() => _large.Budget.Used > 0, "the slow one's event");

        // Not before: nobody is kept waiting.
        using var refused = await PatienceEnds(PostAsync(Large, chunked: false));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        _time.Advance(ByteBudget.LongestTransfer);
        Assert.True(_large.Budget.Used > 0);

        using var answer = await Wait.For(PostAsync(Large, chunked: false), "the next one");
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    private async Task<ByteShare> TakeAllAsync() => await _large.TakeAsync(long.MaxValue, Token);

    private async Task<T> PatienceEnds<T>(Task<T> waiting)
    {
        await Wait.Until(() => _large.Budget.Wanted > 0, "the large one to wait");
        await Wait.Until(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return waiting.IsCompleted;
            },
            "the end of the patience");
        return await waiting;
    }

    private Task<HttpResponseMessage> PostAsync(string subject, bool chunked)
    {
        var body = JsonSerializer.Serialize(new { workflow_id = "reviewed-draft", subject });
        HttpContent content = chunked ? new StreamContent(new UnknownLength(Encoding.UTF8.GetBytes(body))) : new StringContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return _http.PostAsync(new Uri("/api/v1/sessions", UriKind.Relative), content, Token);
    }

    private static Task<SessionAck> StartAsync(HubReader hub, string subject) =>
        Wait.For(hub.Connection.InvokeAsync<SessionAck>(nameof(IWorkflowHub.StartSession), new StartSession { WorkflowId = "reviewed-draft", Subject = subject }, Token), "the start");

    // Answers, without the events of what was started or of other sessions.
    private static async Task<JsonElement> ReplyAsync(RawReader reader)
    {
        while (true)
        {
            var frame = await reader.NextJsonAsync();
            if (!frame.TryGetProperty("seq", out _)) return frame;
        }
    }

    private async Task<Socket> OpenAsync(string text, int? receiveBuffer = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is { } size) socket.ReceiveBufferSize = size;
        await socket.ConnectAsync(IPAddress.Loopback, _gateway.Address.Port, Token);
        var bytes = Encoding.ASCII.GetBytes(text);
        for (var sent = 0; sent < bytes.Length;) sent += await socket.SendAsync(bytes.AsMemory(sent), Token);
        return socket;
    }

    private static async Task<string> BodyAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var length = 0;
        while (await Wait.For(reader.ReadLineAsync(Token).AsTask(), "a header") is { Length: > 0 } header)
        {
            if (header.StartsWith("Content-Length: ", StringComparison.Ordinal)) length = int.Parse(header.AsSpan(16), System.Globalization.CultureInfo.InvariantCulture);
        }

        var body = new char[length];
        await Wait.For(reader.ReadBlockAsync(body, Token).AsTask(), "the body");
        return new string(body);
    }

    private sealed class UnknownLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
