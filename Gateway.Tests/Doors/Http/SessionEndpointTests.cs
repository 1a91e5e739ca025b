using System.Net;
using System.Text.Json;
using Gateway.Contracts;
using Xunit;

namespace Gateway.Tests.Doors.Http;

public sealed class SessionEndpointTests
{
    [Fact]
    public async Task Starting_answers_201_with_the_address_of_the_session()
    {
        await using var server = await HttpServer.StartAsync();

        var response = await server.PostAsync("/api/v1/sessions", """{"workflow_id":"quick-answer","subject":"Why?","session_id":"mine"}""");

        var ack = await HttpServer.JsonAsync(response, HttpStatusCode.Created);
        Assert.Equal("""{"session_id":"mine","seq":3}""", ack.GetRawText());
        Assert.Equal("/api/v1/sessions/mine", new Uri(response.RequestMessage!.RequestUri!, response.Headers.Location!).AbsolutePath);
        Assert.Equal("Why?", Assert.Single(server.Host.Started).Input);
    }

    [Fact]
    public async Task A_session_without_an_id_gets_one()
    {
        await using var server = await HttpServer.StartAsync();

        var ack = await HttpServer.JsonAsync(await server.PostAsync("/api/v1/sessions", """{"template_id":"quick-answer","input":{"topic":"x"}}"""), HttpStatusCode.Created);

        Assert.Equal(Assert.Single(server.Host.Started).SessionId, ack.GetProperty("session_id").GetString());
    }

    [Fact]
    public async Task Two_equal_starts_in_a_race_are_one_session_and_both_are_acked()
    {
        await using var server = await HttpServer.StartAsync();
        const string Start = """{"workflow_id":"quick-answer","subject":"Why?","session_id":"same"}""";

        var responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => server.PostAsync("/api/v1/sessions", Start))));

        Assert.All(responses, r => Assert.Equal(HttpStatusCode.Created, r.StatusCode));
        Assert.Single(server.Host.Started);
    }

    [Fact]
    public async Task An_id_that_is_taken_by_other_content_is_refused()
    {
        await using var server = await HttpServer.StartAsync();
        await server.PostAsync("/api/v1/sessions", """{"workflow_id":"quick-answer","subject":"Why?","session_id":"same"}""");

        var second = await server.PostAsync("/api/v1/sessions", """{"workflow_id":"quick-answer","subject":"How?","session_id":"same"}""");

        await HttpServer.ProblemAsync(second, 409, ErrorCode.SessionExists);
    }

    [Fact]
    public async Task A_model_that_is_not_configured_is_refused_by_name()
    {
        await using var server = await HttpServer.StartAsync();
        const string Start = """{"workflow":{"agents":{"a":{"model":"gpt-99"}},"nodes":{"start":{"type":"start","next":"end"},"end":{"type":"end"}}}}""";

        var sentence = await HttpServer.ProblemAsync(await server.PostAsync("/api/v1/sessions", Start), 422, ErrorCode.ModelNotConfigured);

        Assert.Contains("gpt-99", sentence);
    }

    [Fact]
    public async Task A_session_is_read_as_its_snapshot_with_letters_as_they_are()
    {
        await using var server = await HttpServer.StartAsync();

        var response = await server.GetAsync("/api/v1/sessions/mine");

        var snapshot = await HttpServer.JsonAsync(response);
        Assert.Equal(3, snapshot.GetProperty("last_seq").GetInt64());
        Assert.Contains("Grüße, 世界 & <you>", snapshot.GetRawText());
        Assert.Equal("2026-11-22T10:00:00.0000000Z", snapshot.GetProperty("created_at").GetString());
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("cancel")]
    public async Task Steering_reaches_the_session_and_is_acked(string command)
    {
        await using var server = await HttpServer.StartAsync();

        var ack = await HttpServer.JsonAsync(await server.SendAsync(HttpMethod.Post, $"/api/v1/sessions/mine/{command}"));

        Assert.Equal("""{"session_id":"mine","seq":4}""", ack.GetRawText());
        Assert.Equal([$"{command} mine"], server.Host.Calls);
    }

    [Fact]
    public async Task Input_reaches_the_session_with_the_prompt_it_answers()
    {
        await using var server = await HttpServer.StartAsync();

        await HttpServer.JsonAsync(await server.PostAsync("/api/v1/sessions/mine/input", """{"content":"yes","prompt_id":"p-1","node_id":"review","session_id":"mine"}"""));

        Assert.Equal(["input mine yes p-1 review"], server.Host.Calls);
    }

    [Fact]
    public async Task Input_for_another_session_than_the_address_says_is_refused()
    {
        await using var server = await HttpServer.StartAsync();

        var response = await server.PostAsync("/api/v1/sessions/mine/input", """{"content":"yes","session_id":"yours"}""");

        Assert.Contains("'session_id'", await HttpServer.ProblemAsync(response, 400, ErrorCode.InvalidData));
        Assert.Empty(server.Host.Calls);
    }

    [Fact]
    public async Task Sessions_are_listed_newest_first_a_page_at_a_time()
    {
        await using var server = await HttpServer.StartAsync();
        foreach (var id in (string[])["a", "b", "c"]) await server.Log.AddAsync(id);

        var first = await HttpServer.JsonAsync(await server.GetAsync("/api/v1/sessions?limit=2"));
        var second = await HttpServer.JsonAsync(await server.GetAsync($"/api/v1/sessions?limit=2&cursor={first.GetProperty("next_cursor").GetString()}"));

        Assert.Equal(["c", "b"], Ids(first));
        Assert.Equal(["a"], Ids(second));
        Assert.False(second.TryGetProperty("next_cursor", out _));
    }

    [Fact]
    public async Task A_page_of_sessions_has_fifty_when_no_limit_is_given()
    {
        await using var server = await HttpServer.StartAsync();
        for (var i = 0; i < 51; i++) await server.Log.AddAsync($"s{i}");

        Assert.Equal(50, Ids(await HttpServer.JsonAsync(await server.GetAsync("/api/v1/sessions"))).Count);
    }

    [Fact]
    public async Task Sessions_are_filtered_by_status()
    {
        await using var server = await HttpServer.StartAsync();
        await server.Log.AddAsync("done", events: 2, SessionStatus.Completed);
        await server.Log.AddAsync("open", events: 2);

        Assert.Equal(["done"], Ids(await HttpServer.JsonAsync(await server.GetAsync("/api/v1/sessions?status=completed"))));
    }

    [Theory]
    [InlineData("limit=0", "'limit' must be a whole number, from 1 to 500.")]
    [InlineData("limit=501", "'limit' must be a whole number, from 1 to 500.")]
    [InlineData("limit=ten", "'limit' must be a whole number, from 1 to 500.")]
    [InlineData("limit=", "'limit' must be a whole number, from 1 to 500.")]
    [InlineData("limit=1&limit=2", "'limit' is there 2 times; give it once.")]
    [InlineData("status=done", "'status' must be one of running, paused, completed, failed, cancelled.")]
    [InlineData("cursor=here", "'cursor' must be the 'next_cursor' of an earlier page.")]
    [InlineData("cursor=99999999999999999999", "'cursor' must be the 'next_cursor' of an earlier page.")]
    public async Task A_wrong_query_is_refused_by_name(string query, string sentence)
    {
        await using var server = await HttpServer.StartAsync();

        Assert.Equal(sentence, await HttpServer.ProblemAsync(await server.GetAsync($"/api/v1/sessions?{query}"), 400, ErrorCode.InvalidData));
    }

    [Fact]
    public async Task A_finished_session_is_deleted_with_its_events()
    {
        await using var server = await HttpServer.StartAsync();
        await server.Log.AddAsync("done", events: 2, SessionStatus.Failed);

        var response = await server.SendAsync(HttpMethod.Delete, "/api/v1/sessions/done");

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        await HttpServer.ProblemAsync(await server.GetAsync("/api/v1/sessions/done/events"), 404, ErrorCode.UnknownSession);
        await HttpServer.ProblemAsync(await server.SendAsync(HttpMethod.Delete, "/api/v1/sessions/done"), 404, ErrorCode.UnknownSession);
    }

    [Theory]
    [InlineData(SessionStatus.Running)]
    [InlineData(SessionStatus.Paused)]
    public async Task A_session_that_has_not_ended_is_not_deleted(string status)
    {
        await using var server = await HttpServer.StartAsync();
        await server.Log.AddAsync("open", events: 1, status);

        await HttpServer.ProblemAsync(await server.SendAsync(HttpMethod.Delete, "/api/v1/sessions/open"), 409, ErrorCode.SessionRunning);

        Assert.NotNull(await server.Log.FindAsync("open", TestContext.Current.CancellationToken));
    }

    private static List<string?> Ids(JsonElement page) => [.. page.GetProperty("sessions").EnumerateArray().Select(s => s.GetProperty("session_id").GetString())];
}
