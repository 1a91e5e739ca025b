using System.Text;
using Gateway.Contracts;
using Xunit;

namespace Gateway.Tests.Doors.Http;

public sealed class EventPageTests
{
    [Fact]
    public async Task A_page_holds_the_stored_frames_byte_for_byte()
    {
        await using var server = await HttpServer.StartAsync();
        var events = await server.Log.AddAsync("s", events: 3, SessionStatus.Completed);

        var text = await (await server.GetAsync("/api/v1/sessions/s/events")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        var frames = string.Join(",", events.Select(e => Encoding.UTF8.GetString(EventSerializer.Serialize(e))));
        Assert.Equal($$"""{"events":[{{frames}}],"last_seq":3,"next_after_seq":3}""", text);
    }

    [Theory]
    [InlineData("", 100, 100)]
    [InlineData("?limit=1000", 250, 250)]
    [InlineData("?after_seq=200&limit=20", 20, 220)]
    [InlineData("?after_seq=250", 0, 250)]
    public async Task Pages_follow_each_other_by_seq(string query, int count, long next)
    {
        await using var server = await HttpServer.StartAsync();
        await server.Log.AddAsync("s", events: 250);

        var page = await HttpServer.JsonAsync(await server.GetAsync($"/api/v1/sessions/s/events{query}"));

        Assert.Equal(count, page.GetProperty("events").GetArrayLength());
        Assert.Equal(next, page.GetProperty("next_after_seq").GetInt64());
        Assert.Equal(250, page.GetProperty("last_seq").GetInt64());
        if (count > 0) Assert.Equal(next, page.GetProperty("events")[count - 1].GetProperty("seq").GetInt64());
    }

    [Fact]
    public async Task A_session_without_events_has_an_empty_page()
    {
        await using var server = await HttpServer.StartAsync();
        await server.Log.AddAsync("s");

        var page = await HttpServer.JsonAsync(await server.GetAsync("/api/v1/sessions/s/events"));

        Assert.Equal("""{"events":[],"last_seq":0,"next_after_seq":0}""", page.GetRawText());
    }

    [Theory]
    [InlineData("after_seq=3", ErrorCode.SeqOutOfRange)]
    [InlineData("after_seq=-1", ErrorCode.SeqOutOfRange)]
    [InlineData("after_seq=x", ErrorCode.InvalidData)]
    [InlineData("after_seq=99999999999999999999", ErrorCode.InvalidData)]
    [InlineData("after_seq=1&after_seq=2", ErrorCode.InvalidData)]
    [InlineData("limit=0", ErrorCode.InvalidData)]
    [InlineData("limit=10001", ErrorCode.InvalidData)]
    public async Task A_wrong_query_is_refused(string query, string code)
    {
        await using var server = await HttpServer.StartAsync();
        await server.Log.AddAsync("s", events: 2);

        await HttpServer.ProblemAsync(await server.GetAsync($"/api/v1/sessions/s/events?{query}"), 400, code);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/event-stream")]
    public async Task An_unknown_session_is_not_found(string accept)
    {
        await using var server = await HttpServer.StartAsync();

        await HttpServer.ProblemAsync(await server.GetAsync("/api/v1/sessions/nobody/events", ("Accept", accept)), 404, ErrorCode.UnknownSession);
    }
}
