using System.Net;
using System.Text;
using Gateway.Contracts;
using Gateway.Delivery;
using Gateway.Log;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.Tests.Doors.Http;

public sealed class EventStreamEndpointTests
{
    private const string Path = "/api/v1/sessions/s/events";

    [Fact]
    public async Task An_event_goes_out_with_its_seq_its_name_and_its_frame()
    {
        await using var server = await HttpServer.StartAsync();
        await server.Log.AddAsync("s");
        using var client = await SseClient.OpenAsync(server, Path);

        await server.PublishAsync(Sessions.Token("s", 1));

        Assert.Equal(Block(Sessions.Token("s", 1), "token_stream"), await client.ReadAsync());
    }

    [Fact]
    public async Task Nobody_in_between_may_hold_the_stream_back()
    {
        await using var server = await HttpServer.StartAsync();
        await server.Log.AddAsync("s", events: 1);
        using var client = await SseClient.OpenAsync(server, Path);

        Assert.Equal("no", Assert.Single(client.Head.Headers.GetValues("X-Accel-Buffering")));
        Assert.Equal((true, true, true), (client.Head.Headers.CacheControl!.NoTransform, client.Head.Headers.CacheControl.NoCache, client.Head.Headers.CacheControl.NoStore));
    }

    [Fact]
    public async Task The_stream_ends_after_the_sessions_last_event()
    {
        await using var server = await HttpServer.StartAsync();
        await server.Log.AddAsync("s");
        using var client = await SseClient.OpenAsync(server, Path);

        await server.PublishAsync(Sessions.Token("s", 1), Sessions.End("s", 2));

        Assert.Equal("id: 1", (await client.ReadAsync())![0]);
        Assert.Equal(Block(Sessions.End("s", 2), "execution:completed"), await client.ReadAsync());
        Assert.Null(await client.ReadAsync());
    }

    [Theory]
    [InlineData("", "7", 7)]
    [InlineData("?after_seq=4", null, 4)]
    [InlineData("?after_seq=4", "7", 7)]
    [InlineData("?after_seq=4", "", 4)]
    [InlineData("", "", 0)]
    [InlineData("", null, 0)]
    public async Task A_stream_resumes_after_the_last_event_id_or_after_seq(string query, string? lastEventId, long expected)
    {
        await using var server = await HttpServer.StartAsync();
        await server.Log.AddAsync("s", events: 9);

        using var client = await SseClient.OpenAsync(server, Path + query, lastEventId);

        Assert.Equal($"id: {expected + 1}", (await client.ReadAsync())![0]);
    }

    [Theory]
    [InlineData("x", ErrorCode.InvalidData)]
    [InlineData("-1", ErrorCode.InvalidData)]
    [InlineData("1.5", ErrorCode.InvalidData)]
    [InlineData("3", ErrorCode.SeqOutOfRange)]
    public async Task A_last_event_id_that_is_no_seq_of_the_session_is_refused(string lastEventId, string code)
    {
        await using var server = await HttpServer.StartAsync();
        await server.Log.AddAsync("s", events: 2);

        await HttpServer.ProblemAsync(await server.GetAsync(Path, ("Accept", "text/event-stream"), ("Last-Event-ID", lastEventId)), 400, code);
    }

    [Fact]
    public async Task Coming_back_after_the_end_answers_204_so_that_an_EventSource_stops()
    {
        await using var server = await HttpServer.StartAsync();
        await server.Log.AddAsync("s", events: 5, SessionStatus.Completed);

        var response = await server.GetAsync(Path, ("Accept", "text/event-stream"), ("Last-Event-ID", "5"));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(0, server.Connections.Count);
    }

    [Fact]
    public async Task A_finished_session_is_replayed_from_where_the_client_was()
    {
        await using var server = await HttpServer.StartAsync();
        await server.Log.AddAsync("s", events: 5, SessionStatus.Completed);

        using var client = await SseClient.OpenAsync(server, Path, "3");

        Assert.Equal("id: 4", (await client.ReadAsync())![0]);
        Assert.Equal("id: 5", (await client.ReadAsync())![0]);
        Assert.Null(await client.ReadAsync());
    }

    [Fact]
    public async Task A_silent_stream_carries_a_comment_every_fifteen_seconds()
    {
        await using var server = await HttpServer.StartAsync();
        await server.Log.AddAsync("s");
        using var client = await SseClient.OpenAsync(server, Path);
        await server.PublishAsync(Sessions.Token("s", 1));
        Assert.Equal("id: 1", (await client.ReadAsync())![0]);
        server.Tick(1);

        for (var i = 0; i < 3; i++)
        {
            server.Tick(15);
            Assert.Equal([": still here"], await client.ReadAsync());
        }

        // The silence begins anew with each event.
        server.Tick(14);
        await server.PublishAsync(Sessions.Token("s", 2));
        Assert.Equal("id: 2", (await client.ReadAsync())![0]);
        server.Tick(14);
        await server.PublishAsync(Sessions.Token("s", 3));
        Assert.Equal("id: 3", (await client.ReadAsync())![0]);
    }

    [Fact]
    public async Task A_client_that_leaves_is_a_normal_ending()
    {
        await using var server = await HttpServer.StartAsync();
        await server.Log.AddAsync("s");
        var client = await SseClient.OpenAsync(server, Path);
        await server.PublishAsync(Sessions.Token("s", 1));
        Assert.Equal("id: 1", (await client.ReadAsync())![0]);

        client.Dispose();

        await server.RequestEndedAsync(Path);
        Assert.Equal(0, server.Connections.Count);
        Assert.Empty(server.Logs.Serious);
    }

    [Fact]
    public async Task A_shutdown_ends_the_stream_so_that_it_does_not_hold_the_gateway_up()
    {
        await using var server = await HttpServer.StartAsync();
        await server.Log.AddAsync("s");
        using var client = await SseClient.OpenAsync(server, Path);
        await server.PublishAsync(Sessions.Token("s", 1));
        Assert.Equal("id: 1", (await client.ReadAsync())![0]);

        foreach (var sender in server.Connections.Snapshot()) sender.Leave();

        Assert.Null(await client.ReadAsync());
        await server.RequestEndedAsync(Path);
        Assert.Equal(0, server.Connections.Count);
    }

    [Fact]
    public async Task A_refusal_before_the_first_event_is_a_proper_answer()
    {
        await using var server = await HttpServer.StartAsync();
        await server.Log.AddAsync("s", events: 3);
        server.Log.AfterRead = () => server.Log.DeleteAsync("s", TestContext.Current.CancellationToken);

        var response = await server.GetAsync(Path, ("Accept", "text/event-stream"));

        Assert.Equal("There is no session 's'.", await HttpServer.ProblemAsync(response, 404, ErrorCode.UnknownSession));
        Assert.Equal(0, server.Connections.Count);
    }

    [Fact]
    public async Task A_later_refusal_is_the_last_event_and_has_no_id()
    {
        await using var server = await HttpServer.StartAsync();
        await server.Log.AddAsync("s");
        using var client = await SseClient.OpenAsync(server, Path);
        await server.PublishAsync(Sessions.Token("s", 1));
        Assert.Equal("id: 1", (await client.ReadAsync())![0]);

        await server.Log.DeleteAsync("s", TestContext.Current.CancellationToken);
        server.Services.GetRequiredService<SessionFeeds>().OnDeleted(["s"]);

        var last = await client.ReadAsync();
        Assert.Equal("event: error", last![0]);
        Assert.StartsWith("data: {\"event\":\"error\"", last[1], StringComparison.Ordinal);
        Assert.Contains(ErrorCode.UnknownSession, last[1], StringComparison.Ordinal);
        Assert.Equal(2, last.Count);
        Assert.Null(await client.ReadAsync());
    }

    [Fact]
    public async Task A_stream_whose_log_cannot_be_read_midway_waits_and_misses_nothing()
    {
        await using var server = await HttpServer.StartAsync();
        server.Logs.Announce(DeliveryEvents.ReadFailed);
        await server.Log.AddAsync("s", events: 300);
        var reads = 0;
        var failed = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Log.AfterRead = () =>
        {
            // The first looks for damage before the stream begins, the second reads the first page.
            if (++reads != 3) return Task.CompletedTask;
            failed.SetResult(true);
            throw new StorageException("The disk is gone.");
        };
        using var client = await SseClient.OpenAsync(server, Path);
        Assert.True(await Wait.For(failed.Task, "the failure"));

        for (var seq = 1; seq <= 300; seq++)
        {
            var next = client.ReadAsync();
            while (!next.IsCompleted)
            {
                server.Tick(1);
                await Task.Yield();
            }

            // The clock of this test runs fast, so it sees comments, too.
            if ((await next)![0].StartsWith(':')) seq--;
            else Assert.Equal($"id: {seq}", (await next)![0]);
        }

        Assert.Single(server.Logs.Serious);
    }

    [Fact]
    public async Task A_stream_that_is_dropped_midway_is_broken_off_and_not_ended()
    {
        await using var server = await HttpServer.StartAsync();
        await server.Log.AddAsync("s");
        using var client = await SseClient.OpenAsync(server, Path);
        await server.PublishAsync(Sessions.Token("s", 1));
        Assert.Equal("id: 1", (await client.ReadAsync())![0]);

        foreach (var sender in server.Connections.Snapshot()) sender.Abort();

        await Assert.ThrowsAnyAsync<Exception>(client.ReadAsync);
        await server.RequestEndedAsync(Path);
        Assert.Equal(0, server.Connections.Count);
    }

    [Theory]
    [InlineData("text/html, text/event-stream;q=0.5", "text/event-stream")]
    [InlineData("TEXT/EVENT-STREAM", "text/event-stream")]
    [InlineData("text/event-stream;q=0", "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("nonsense;;", "application/json")]
    public async Task Accept_decides_between_page_and_stream(string accept, string expected)
    {
        await using var server = await HttpServer.StartAsync();
        await server.Log.AddAsync("s", events: 1);

        using var response = await server.GetAsync(Path, ("Accept", accept));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected, response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("Accept", response.Headers.Vary);
    }

    private static string[] Block(SessionEvent sessionEvent, string name) =>
        [$"id: {sessionEvent.Seq}", $"event: {name}", $"data: {Encoding.UTF8.GetString(EventSerializer.Serialize(sessionEvent))}"];
}
