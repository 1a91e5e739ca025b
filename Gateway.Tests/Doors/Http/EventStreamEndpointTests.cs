using System.Net;
using System.Text;
using Gateway.Contracts;
using Gateway.Log;
using Gateway.Refusals;
using Gateway.Tests.Infrastructure;
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

        Publish(server, Sessions.Token("s", 1));

        Assert.Equal(Block(Sessions.Token("s", 1), "token_stream"), await client.ReadAsync());
    }

    [Fact]
    public async Task The_stream_ends_after_the_sessions_last_event()
    {
        await using var server = await HttpServer.StartAsync();
        await server.Log.AddAsync("s");
        using var client = await SseClient.OpenAsync(server, Path);

        Publish(server, Sessions.Token("s", 1), Sessions.End("s", 2));
        server.Reader.Events.Writer.Complete();

        Assert.Equal("id: 1", (await client.ReadAsync())![0]);
        Assert.Equal(Block(Sessions.End("s", 2), "execution:completed"), await client.ReadAsync());
        Assert.Null(await client.ReadAsync());
    }

    [Theory]
    [InlineData("", "7", 7)]
    [InlineData("?after_seq=4", null, 4)]
    [InlineData("?after_seq=4", "7", 7)]
    [InlineData("", null, 0)]
    public async Task A_stream_resumes_after_the_last_event_id_or_after_seq(string query, string? lastEventId, long expected)
    {
        await using var server = await HttpServer.StartAsync();
        await server.Log.AddAsync("s", events: 9);

        using var client = await SseClient.OpenAsync(server, Path + query, lastEventId);

        Assert.Equal(("s", expected), server.Reader.Asked);
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
        Assert.Null(server.Reader.Asked);
    }

    [Fact]
    public async Task A_finished_session_is_replayed_from_where_the_client_was()
    {
        await using var server = await HttpServer.StartAsync();
        var events = await server.Log.AddAsync("s", events: 5, SessionStatus.Completed);
        Publish(server, [.. events]);
        server.Reader.Events.Writer.Complete();

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

        for (var i = 0; i < 3; i++)
        {
            server.Time.Advance(TimeSpan.FromSeconds(15));
            Assert.Equal([": still here"], await client.ReadAsync());
        }

        Publish(server, Sessions.Token("s", 1));
        Assert.Equal("id: 1", (await client.ReadAsync())![0]);
    }

    [Fact]
    public async Task A_client_that_leaves_is_a_normal_ending()
    {
        await using var server = await HttpServer.StartAsync();
        await server.Log.AddAsync("s");
        var client = await SseClient.OpenAsync(server, Path);

        client.Dispose();

        Assert.True(await Wait.For(server.Reader.Left, "the stream to stop reading"));
        await server.RequestEndedAsync(Path);
        Assert.Empty(server.Logs.Serious);
    }

    [Fact]
    public async Task A_shutdown_ends_the_stream_so_that_it_does_not_hold_the_gateway_up()
    {
        await using var server = await HttpServer.StartAsync();
        await server.Log.AddAsync("s");
        using var client = await SseClient.OpenAsync(server, Path);

        await server.ShutDownAsync();

        Assert.Null(await client.ReadAsync());
        Assert.True(await Wait.For(server.Reader.Left, "the stream to stop reading"));
    }

    [Fact]
    public async Task A_refusal_before_the_first_event_is_a_proper_answer()
    {
        await using var server = await HttpServer.StartAsync();
        await server.Log.AddAsync("s");
        server.Reader.Events.Writer.Complete(new GatewayException(ErrorCode.UnknownSession, "It was deleted."));

        var response = await server.GetAsync(Path, ("Accept", "text/event-stream"));

        Assert.Equal("It was deleted.", await HttpServer.ProblemAsync(response, 404, ErrorCode.UnknownSession));
    }

    [Fact]
    public async Task A_stream_that_fails_midway_is_broken_off_and_not_ended()
    {
        await using var server = await HttpServer.StartAsync();
        server.Logs.Announce(6002);
        await server.Log.AddAsync("s");
        using var client = await SseClient.OpenAsync(server, Path);

        server.Reader.Events.Writer.Complete(new StorageException("The disk is gone."));

        await Assert.ThrowsAnyAsync<Exception>(client.ReadAsync);
        await server.RequestEndedAsync(Path);
        Assert.Single(server.Logs.Serious);
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

    private static void Publish(HttpServer server, params SessionEvent[] events)
    {
        foreach (var sessionEvent in events) Assert.True(server.Reader.Events.Writer.TryWrite(new LoggedEvent(sessionEvent)));
    }

    private static string[] Block(SessionEvent sessionEvent, string name) =>
        [$"id: {sessionEvent.Seq}", $"event: {name}", $"data: {Encoding.UTF8.GetString(EventSerializer.Serialize(sessionEvent))}"];
}
