using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Admission;
using Gateway.Contracts;
using Gateway.Lifetime;
using Gateway.Log;
using Gateway.Tests.Delivery.Peers;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Gateway.Tests.Shutdown;

/// <summary>The gateway's end: nobody new comes in, sessions pause, everybody sees it, and then they are let go.</summary>
public sealed class DrainTests
{
    private static readonly Dictionary<string, string?> SlowModel = new()
    {
        ["Gateway:Models:slow:Provider"] = "scripted",
        ["Gateway:Models:slow:TokensPerSecond"] = "100",
    };

    [Fact]
    public async Task While_draining_nothing_new_is_taken()
    {
        var log = new GatedPauseLog();
        await using var gateway = await CustomFixture.StartAsync(SlowModel, services => services.AddSingleton<ISessionLog>(log));
        var client = gateway.CreateClient();
        await StartSessionAsync(client, "s1");
        await using var watching = await RawReader.ConnectAsync(gateway, "/ws?session_id=s1");
        await watching.NextAsync();

        var stopping = StopAsync(gateway);
        await Wait.For(log.Reached, "the pause to be appended");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/health/ready", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/live", Token)).StatusCode);
        foreach (var door in new[] { "/ws", "/hub" })
        {
            await using var late = await Peer.DialAsync(gateway);
            Assert.StartsWith("HTTP/1.1 503 ", await late.UpgradeAsync(door), StringComparison.Ordinal);
        }

        await AssertShuttingDownAsync(await client.PostAsync("/hub/negotiate?negotiateVersion=1", null, Token));
        await AssertShuttingDownAsync(await client.PostAsync("/api/v1/sessions", Json(Definition("s2")), Token));
        log.Release();
        await Wait.For(stopping, "the end of the drain");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Everyone_sees_the_pause_before_being_let_go_each_in_its_own_way(bool signal)
    {
        await using var gateway = await CustomFixture.StartAsync(SlowModel);
        var connections = gateway.Connections();
        var limiter = gateway.Services.GetRequiredService<ConnectionLimiter>();
        await StartSessionAsync(gateway.CreateClient(), "s1");
        await using var raw = await Peer.ConnectAsync(gateway, "/ws?session_id=s1");
        await using var sse = await SseReader.ConnectAsync(gateway, "s1", 0);
        await using var hub = await HubPeer.SubscribeAsync(gateway, "s1", 0);
        await raw.ReadSeqAsync();
        await sse.NextAsync();
        await hub.ReadSeqAsync();

        // A signal raises ApplicationStopping first; a host that is stopped by its owner does so last.
        var stopping = signal ? StopAsync(gateway) : StopHostAsync(gateway);

        var last = default(SessionEvent);
        int? close = null;
        while (await raw.ReadFrameAsync() is { } frame)
        {
            if (frame.Opcode == Peer.Close) close = frame.Opcode;
            else last = EventSerializer.Deserialize(frame.Payload.Span);
        }

        Assert.Null(close);
        Assert.Equal(PauseReason.ShuttingDown, Assert.IsType<SessionEvent<ExecutionPaused>>(last).Data.Reason);
        await AssertEndsWithPauseAsync(sse);
        var goodbye = await LastMessagesAsync(hub.Peer);
        Assert.Contains("\"reason\":\"shutting_down\"", goodbye, StringComparison.Ordinal);
        Assert.Contains("""{"type":7,"allowReconnect":true}""", goodbye, StringComparison.Ordinal);
        await Wait.For(stopping, "the end of the drain");

        // This peer does not answer the hub's close frame: it is cut when the time is up, and gone a little later.
        await Wait.For(limiter.WhenEmptyAsync(), "the connections to be gone");
        Assert.Equal(0, connections.Count);
    }

    [Fact]
    public async Task Every_hub_connection_of_a_crowd_is_told_to_come_back()
    {
        await using var gateway = await CustomFixture.StartAsync(new() { ["Gateway:DrainWindow"] = "00:00:00" });
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayManyAsync(10);
        var hubs = new List<HubPeer>();
        for (var i = 0; i < 200; i++) hubs.Add(await HubPeer.SubscribeAsync(gateway, session.Id, 0));
        foreach (var hub in hubs) await hub.ReadSeqAsync();

        var stopping = StopAsync(gateway);
        var goodbyes = await Task.WhenAll(hubs.Select(hub => LastMessagesAsync(hub.Peer)));

        Assert.All(goodbyes, goodbye => Assert.Contains("""{"type":7,"allowReconnect":true}""", goodbye, StringComparison.Ordinal));
        await Wait.For(stopping, "the end of the drain");
        foreach (var hub in hubs) await hub.DisposeAsync();
    }

    [Fact]
    public async Task A_SignalR_client_reconnects_by_itself_after_a_drain()
    {
        await using var gateway = await CustomFixture.StartAsync(SlowModel);
        var reconnecting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var connection = new HubConnectionBuilder().WithUrl(new Uri(gateway.Address, "/hub")).WithAutomaticReconnect().Build();
        connection.Reconnecting += _ =>
        {
            reconnecting.TrySetResult();
            return Task.CompletedTask;
        };
        await Wait.For(connection.StartAsync(Token), "the hub connection");

        var stopping = StopAsync(gateway);

        await Wait.For(reconnecting.Task, "the client to reconnect");
        await Wait.For(stopping, "the end of the drain");
    }

    [Fact]
    public async Task A_crowd_leaves_in_batches_and_not_at_once()
    {
        const int crowd = 100;
        await using var gateway = await CustomFixture.StartAsync(new() { ["Gateway:DrainWindow"] = "00:00:01" });
        var peers = new List<Peer>();
        for (var i = 0; i < crowd; i++) peers.Add(await Peer.ConnectAsync(gateway, "/ws"));
        var time = TimeProvider.System;

        var stopping = StopAsync(gateway);
        var ends = await Task.WhenAll(peers.Select(async peer =>
        {
            Assert.Null(await peer.ReadFrameAsync());
            return time.GetTimestamp();
        }));

        await Wait.For(stopping, "the end of the drain");
        Assert.InRange(time.GetElapsedTime(ends.Min(), ends.Max()), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30));
        foreach (var peer in peers) await peer.DisposeAsync();
    }

    [Fact]
    public void A_crowd_is_spread_evenly_over_the_window_and_a_few_leave_at_once()
    {
        var window = TimeSpan.FromSeconds(5);
        var crowd = DrainPace.For(5000, window);
        var turns = Enumerable.Range(0, 5000).Select(i => crowd.TurnOf(i, 5000)).ToList();

        Assert.Equal(20, turns.Distinct().Count());
        Assert.All(turns.GroupBy(t => t), batch => Assert.Equal(250, batch.Count()));
        Assert.Equal(TimeSpan.Zero, turns[0]);
        Assert.InRange(turns[^1], TimeSpan.FromSeconds(4), window);
        Assert.All(Enumerable.Range(0, 25), i => Assert.Equal(TimeSpan.Zero, DrainPace.For(25, window).TurnOf(i, 25)));
        Assert.All(Enumerable.Range(0, 5000), i => Assert.Equal(TimeSpan.Zero, DrainPace.For(5000, TimeSpan.Zero).TurnOf(i, 5000)));
    }

    // Also where sessions take all they get, and where one part is longer than the whole.
    [Theory]
    [InlineData(9, 5, 0, 9, 5)]
    [InlineData(9, 5, 4, 9, 2)]
    [InlineData(9, 5, 6, 9, 0)]
    [InlineData(9, 60, 0, 63, 60)]
    [InlineData(30, 5, 27, 30, 0)]
    [InlineData(0.3, 0, 0.2, 0.3, 0)]
    [InlineData(0, 0, 0, 0, 0)]
    public void The_parts_of_the_end_do_not_add_up_to_more_than_the_whole(double timeout, double window, double sessionsTook, double whole, double expectedWindow)
    {
        var times = DrainTimes.Of(new ShutdownOptions { ShutdownTimeout = TimeSpan.FromSeconds(timeout), DrainWindow = TimeSpan.FromSeconds(window) });
        var connections = times.WindowAfter(TimeSpan.FromSeconds(sessionsTook), TimeSpan.FromSeconds(window));

        Assert.Equal(TimeSpan.FromSeconds(whole), times.Whole);
        Assert.Equal(TimeSpan.FromSeconds(expectedWindow), connections);
        Assert.InRange(times.Sessions + times.WindowAfter(times.Sessions, TimeSpan.FromSeconds(window)) + times.LastWords, TimeSpan.Zero, times.Whole);
    }

    [Fact]
    public async Task A_reader_that_does_not_read_does_not_hold_the_end_up()
    {
        await using var gateway = await CustomFixture.StartAsync();
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayManyAsync(20_000);
        var limiter = gateway.Services.GetRequiredService<ConnectionLimiter>();
        await using var stopped = await Peer.ConnectAsync(gateway, $"/ws?session_id={session.Id}", 4 * 1024);

        await Wait.For(StopAsync(gateway), "the end of the drain");

        await Wait.For(limiter.WhenEmptyAsync(), "the connection to be cut");
    }

    [Fact]
    public async Task A_client_that_resumes_on_the_restarted_gateway_has_no_gap()
    {
        using var folder = new TempFolder();
        var settings = new Dictionary<string, string?>(SlowModel)
        {
            ["Gateway:Storage:Provider"] = "sqlite",
            ["Gateway:Storage:Path"] = folder.At("log.db"),
        };
        var events = new List<SessionEvent>();
        await using (var first = await CustomFixture.StartAsync(settings))
        {
            await StartSessionAsync(first.CreateClient(), "s1");
            await using var peer = await Peer.ConnectAsync(first, "/ws?session_id=s1");
            for (var i = 0; i < 20; i++) events.Add(EventSerializer.Deserialize((await peer.ReadMessageAsync())!.Value.Span)!);
            var stopping = StopAsync(first);
            while (await peer.ReadMessageAsync() is { } message) events.Add(EventSerializer.Deserialize(message.Span)!);
            await Wait.For(stopping, "the end of the drain");
        }

        Assert.IsType<SessionEvent<ExecutionPaused>>(events[^1]);
        await using var second = await CustomFixture.StartAsync(settings);
        await using var back = await Peer.ConnectAsync(second, $"/ws?session_id=s1&after_seq={events[^1].Seq}");
        while (events[^1] is not SessionEvent<ExecutionCompleted>) events.Add(EventSerializer.Deserialize((await back.ReadMessageAsync())!.Value.Span)!);

        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(e => e.Seq));
        Assert.Equal(SessionStatus.Completed, ((SessionEvent<ExecutionCompleted>)events[^1]).Data.Status);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // What a signal does.
    private static Task StopAsync(GatewayFixture gateway) =>
        Task.Run(gateway.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication);

    private static Task StopHostAsync(GatewayFixture gateway) => Task.Run(async () => await gateway.Services.GetRequiredService<IHost>().StopAsync());

    private static string Definition(string sessionId) => $$$"""
        {"session_id":"{{{sessionId}}}","subject":"Why is the sky blue?","workflow":{"id":"w","agents":{"a":{"name":"A","instructions":"Answer.","model":"slow"}},
         "nodes":{"start":{"type":"start","next":"n"},"n":{"type":"agent","agent":"a","next":"end"},"end":{"type":"end"} } } }
        """;

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static async Task StartSessionAsync(HttpClient client, string sessionId)
    {
        using var response = await client.PostAsync("/api/v1/sessions", Json(Definition(sessionId)), Token);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Token));
    }

    private static async Task AssertShuttingDownAsync(HttpResponseMessage response)
    {
        var problem = JsonElement.Parse(await response.Content.ReadAsStringAsync(Token));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(ErrorCode.ShuttingDown, problem.GetProperty("code").GetString());
    }

    private static async Task AssertEndsWithPauseAsync(SseReader sse)
    {
        while (await sse.NextAsync() is not SessionEvent<ExecutionPaused>)
        {
            // Everything up to the pause.
        }

        var end = await Assert.ThrowsAsync<InvalidOperationException>(sse.NextAsync);
        Assert.Equal("The stream has ended.", end.Message);
    }

    private static async Task<string> LastMessagesAsync(Peer peer)
    {
        var all = new StringBuilder();
        while (await peer.ReadTextAsync() is { } text) all.Append(text);
        return all.ToString();
    }
}
