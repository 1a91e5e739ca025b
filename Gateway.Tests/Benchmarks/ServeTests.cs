using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Benchmarks;

/// <summary>The host that load generators measure: what it publishes is in the log, and goes out, when it answers.</summary>
public sealed class ServeTests
{
    [Theory]
    [InlineData("memory")]
    [InlineData("sqlite")]
    public async Task Publish_answers_once_its_events_are_in_the_log(string store)
    {
        await using var host = new BenchHost(store);
        using var http = new HttpClient { BaseAddress = await host.Ready };

        foreach (var (count, time) in ((int, string)[])[(3, "7"), (1, "8"), (400, "9")])
        {
            using var published = await http.PostAsync($"/publish?n={count}&t={time}", null);
            Assert.Equal(HttpStatusCode.NoContent, published.StatusCode);
        }

        var page = await http.GetFromJsonAsync<JsonElement>("/api/v1/sessions/bench/events?after_seq=0&limit=1000");
        var events = page.GetProperty("events").EnumerateArray().ToList();
        Assert.Equal(Enumerable.Range(1, 404), events.Select(e => e.GetProperty("seq").GetInt32()));
        Assert.All(events, e => Assert.Equal("token_stream", e.GetProperty("event").GetString()));
        Assert.Equal(
            [.. Enumerable.Repeat("hello @t=7", 3), "hello @t=8", .. Enumerable.Repeat("hello @t=9", 400)],
            events.Select(e => e.GetProperty("data").GetProperty("chunk").GetString()));
    }

    [Fact]
    public async Task Publish_reaches_who_watches_the_session_over_ws()
    {
        await using var host = new BenchHost("memory");
        var address = await host.Ready;
        using var http = new HttpClient { BaseAddress = address };
        using var socket = new System.Net.WebSockets.ClientWebSocket();
        await Wait.For(socket.ConnectAsync(new Uri($"ws://{address.Authority}/ws?session_id=bench"), CancellationToken.None), "the connection");

        using var published = await http.PostAsync("/publish?n=5&t=1", null);

        var buffer = new byte[4096];
        for (var seq = 0; seq < 5;)
        {
            var message = await Wait.For(socket.ReceiveAsync(buffer, CancellationToken.None), "the next event");
            Assert.True(message.EndOfMessage);
            var frame = JsonDocument.Parse(buffer.AsMemory(0, message.Count)).RootElement;
            if (frame.GetProperty("event").GetString() != "token_stream") continue;
            Assert.Equal(++seq, frame.GetProperty("seq").GetInt32());
            Assert.Equal("hello @t=1", frame.GetProperty("data").GetProperty("chunk").GetString());
        }
    }

    [Fact]
    public async Task Publish_reaches_who_watches_the_session_over_an_event_stream()
    {
        await using var host = new BenchHost("memory");
        using var http = new HttpClient { BaseAddress = await host.Ready };
        using var stream = await Wait.For(http.GetAsync("/sse", HttpCompletionOption.ResponseHeadersRead), "the event stream");
        Assert.Equal("text/event-stream", stream.Content.Headers.ContentType?.MediaType);
        await using var events = SseParser.Create(await stream.Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator();

        using var published = await http.PostAsync("/publish?n=5&t=1", null);

        for (var seq = 1; seq <= 5; seq++)
        {
            Assert.True(await Wait.For(events.MoveNextAsync().AsTask(), "the next event"));
            Assert.Equal("token_stream", events.Current.EventType);
            Assert.Equal(seq, JsonElement.Parse(events.Current.Data).GetProperty("seq").GetInt32());
        }
    }

    [Fact]
    public async Task Publish_says_what_it_wants()
    {
        await using var host = new BenchHost("memory");
        using var http = new HttpClient { BaseAddress = await host.Ready };

        foreach (var path in (string[])["/publish?t=1", "/publish?n=0&t=1", "/publish?n=100001&t=1", "/publish?n=many&t=1"])
        {
            using var refused = await http.PostAsync(path, null);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains("from 1 to 100000", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }
}
