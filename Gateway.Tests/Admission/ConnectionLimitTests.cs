using System.Net;
using System.Text.Json;
using Gateway.Admission;
using Gateway.Contracts;
using Gateway.Lifetime;
using Gateway.Telemetry;
using Gateway.Tests.Delivery.Peers;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Gateway.Tests.Admission;

public sealed class ConnectionLimitTests
{
    [Theory]
    [InlineData("MaxConnections", 503)]
    [InlineData("MaxConnectionsPerAddress", 429)]
    public async Task One_connection_too_many_is_refused_before_the_upgrade_and_room_is_given_back(string setting, int status)
    {
        await using var gateway = await PeerGateway.StartAsync(settings: new() { [$"Gateway:Limits:{setting}"] = "2" });
        var limiter = gateway.Services.GetRequiredService<ConnectionLimiter>();
        await using var first = await Peer.ConnectAsync(gateway, "/ws");
        await using var second = await Peer.ConnectAsync(gateway, "/hub");

        foreach (var door in new[] { "/ws", "/hub" })
        {
            await using var third = await Peer.DialAsync(gateway);
            var head = await third.UpgradeAsync(door);
            Assert.StartsWith($"HTTP/1.1 {status} ", head, StringComparison.Ordinal);
            Assert.Contains("application/problem+json", head, StringComparison.Ordinal);
        }

        Assert.Equal(2, limiter.Count);
        await first.DisposeAsync();
        await second.DisposeAsync();
        await Leftovers.AssertNoneAsync(gateway);
        await using var again = await Peer.ConnectAsync(gateway, "/ws");
        Assert.Equal(1, limiter.Count);
    }

    [Fact]
    public async Task The_refusal_of_an_event_stream_names_the_limit_and_the_setting()
    {
        await using var gateway = await PeerGateway.StartAsync(settings: new() { ["Gateway:Limits:MaxConnections"] = "1" });
        var session = await TestSession.CreateAsync(gateway.Services);
        await using var only = await Peer.ConnectAsync(gateway, "/ws");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/sessions/{session.Id}/events");
        request.Headers.Accept.ParseAdd("text/event-stream");

        using var response = await gateway.CreateClient().SendAsync(request, TestContext.Current.CancellationToken);

        var problem = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(ErrorCode.LimitExceeded, problem.GetProperty("code").GetString());
        Assert.Contains("Gateway:Limits:MaxConnections", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Commands_over_the_rate_are_refused_on_ws_and_pings_are_not()
    {
        await using var gateway = await PeerGateway.StartWithoutClockAsync(new() { ["Gateway:Limits:CommandBurst"] = "3" });
        await using var reader = await RawReader.ConnectAsync(gateway, "/ws");

        for (var i = 0; i < 3; i++)
        {
            await reader.SendAsync($$$"""{"cmd":"unsubscribe","id":"{{{i}}}","data":{"session_id":"s"}}""");
            Assert.Equal("ack", (await reader.NextJsonAsync()).GetProperty("event").GetString());
        }

        await reader.SendAsync("""{"cmd":"unsubscribe","id":"4","data":{"session_id":"s"}}""");
        var refused = await reader.NextJsonAsync();
        Assert.Equal("4", refused.GetProperty("id").GetString());
        Assert.Equal(ErrorCode.LimitExceeded, refused.GetProperty("data").GetProperty("code").GetString());
        Assert.Contains("Gateway:Limits:CommandsPerSecond", refused.GetProperty("data").GetProperty("error").GetString());
        await reader.SendAsync("""{"cmd":"ping"}""");
        Assert.Equal("pong", (await reader.NextJsonAsync()).GetProperty("event").GetString());
    }

    [Fact]
    public async Task What_cannot_be_read_counts_as_a_command()
    {
        await using var gateway = await PeerGateway.StartWithoutClockAsync(new() { ["Gateway:Limits:CommandBurst"] = "3" });
        await using var reader = await RawReader.ConnectAsync(gateway, "/ws");
        for (var i = 0; i < 3; i++)
        {
            await reader.SendAsync("garbage");
            Assert.Equal(ErrorCode.InvalidFrame, await reader.RefusalAsync());
        }

        await reader.SendAsync("garbage");

        Assert.Equal(ErrorCode.LimitExceeded, await reader.RefusalAsync());
    }

    [Theory]
    [InlineData("MaxConnections", "503")]
    [InlineData("MaxConnectionsPerAddress", $"{ErrorCode.LimitExceeded}: ")]
    public async Task A_connection_of_many_polls_is_counted_as_one(string setting, string reason)
    {
        await using var gateway = await PeerGateway.StartAsync(settings: new() { [$"Gateway:Limits:{setting}"] = "2" });
        var limiter = gateway.Services.GetRequiredService<ConnectionLimiter>();
        await using var first = await HubReader.ConnectAsync(gateway, messagePack: false, HttpTransportType.LongPolling);
        await using var second = await HubReader.ConnectAsync(gateway, messagePack: false, HttpTransportType.ServerSentEvents);
        Assert.Equal("pong", await Wait.For(first.Connection.InvokeAsync<string>("Ping", TestContext.Current.CancellationToken), "Ping"));
        Assert.Equal(2, limiter.Count);

        await using var third = HubReader.Create(gateway, messagePack: false, HttpTransportType.LongPolling);
        var closed = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        third.Connection.Closed += reason =>
        {
            closed.TrySetResult(reason);
            return Task.CompletedTask;
        };
        var refusal = await Record.ExceptionAsync(() => Wait.For(third.Connection.StartAsync(TestContext.Current.CancellationToken), "the start")) ?? await Wait.For(closed.Task, "the end of the third");
        Assert.Contains(reason, Assert.IsAssignableFrom<Exception>(refusal).Message, StringComparison.Ordinal);
        Assert.Equal(2, limiter.Count);

        await first.DisposeAsync();
        await second.DisposeAsync();
        await Wait.For(limiter.WhenEmptyAsync(), "both places to be given back");
    }

    [Fact]
    public async Task Calls_over_the_rate_are_refused_on_the_hub_and_pings_are_not()
    {
        await using var gateway = await PeerGateway.StartWithoutClockAsync(new() { ["Gateway:Limits:CommandBurst"] = "3" });
        await using var reader = await HubReader.ConnectAsync(gateway, messagePack: false);
        for (var i = 0; i < 3; i++) await Wait.For(reader.Connection.InvokeAsync("Unsubscribe", "s", TestContext.Current.CancellationToken), "Unsubscribe");

        var refusal = await Assert.ThrowsAsync<HubException>(() => reader.Connection.InvokeAsync("Unsubscribe", "s", TestContext.Current.CancellationToken));

        Assert.Contains($"{ErrorCode.LimitExceeded}: ", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("pong", await Wait.For(reader.Connection.InvokeAsync<string>("Ping", TestContext.Current.CancellationToken), "Ping"));
    }

    [Fact]
    public async Task One_subscription_too_many_is_refused_until_one_is_given_up()
    {
        await using var gateway = await PeerGateway.StartAsync(settings: new() { ["Gateway:Limits:MaxSubscriptionsPerConnection"] = "2" });
        var sessions = new List<TestSession>();
        for (var i = 0; i < 3; i++) sessions.Add(await TestSession.CreateAsync(gateway.Services));
        await using var reader = await RawReader.ConnectAsync(gateway, $"/ws?session_id={sessions[0].Id}");

        Assert.Equal("ack", await SubscribeAsync(reader, sessions[1].Id));
        Assert.Equal(ErrorCode.TooManySubscriptions, await SubscribeAsync(reader, sessions[2].Id));
        Assert.Equal("ack", await SubscribeAsync(reader, sessions[1].Id));
        await reader.SendAsync($$$"""{"cmd":"unsubscribe","id":"u","data":{"session_id":"{{{sessions[0].Id}}}"}}""");
        await reader.NextJsonAsync();
        Assert.Equal("ack", await SubscribeAsync(reader, sessions[2].Id));
    }

    [Fact]
    public async Task What_a_plain_ws_is_sent_by_itself_does_not_count()
    {
        await using var gateway = await PeerGateway.StartAsync(settings: new() { ["Gateway:Limits:MaxSubscriptionsPerConnection"] = "1" });
        await using var reader = await RawReader.ConnectAsync(gateway, "/ws");
        await reader.SendAsync("""{"cmd":"ping"}""");
        await reader.NextJsonAsync();
        for (var i = 0; i < 3; i++)
        {
            var session = await TestSession.CreateAsync(gateway.Services);
            var said = await session.SayAsync(1);
            Assert.Equal(said[0], await reader.NextAsync());
        }

        var other = await TestSession.CreateAsync(gateway.Services);
        Assert.Equal("ack", await SubscribeAsync(reader, other.Id));
    }

    [Fact]
    public void By_default_five_thousand_connections_from_one_address_are_taken()
    {
        using var meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var drain = new DrainState();
        var limiter = new ConnectionLimiter(Options.Create(new LimitsOptions()), drain, ActivatorUtilities.CreateInstance<GatewayMetrics>(meters));

        for (var i = 0; i < 5000; i++) Assert.NotNull(limiter.TryEnter(IPAddress.Loopback, out _));
    }

    private static async Task<string> SubscribeAsync(RawReader reader, string sessionId)
    {
        await reader.SendAsync($$$"""{"cmd":"subscribe","id":"s","data":{"session_id":"{{{sessionId}}}"}}""");
        var answer = await reader.NextJsonAsync();
        var name = answer.GetProperty("event").GetString()!;
        return name == "error" ? answer.GetProperty("data").GetProperty("code").GetString()! : name;
    }
}
