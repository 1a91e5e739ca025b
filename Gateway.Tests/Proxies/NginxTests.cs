using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Xunit;

namespace Gateway.Tests.Proxies;

/// <summary>Everything works behind a real nginx, at the root and under a path.</summary>
public sealed class NginxTests
{
    private const string Name = "app.example";

    [Theory]
    [InlineData("")]
    [InlineData("gateway/")]
    public async Task Pages_commands_and_streams_work_through_the_documented_file(string path)
    {
        await using var gateway = await CustomFixture.StartAsync(new() { ["AllowedHosts"] = $"{Name};localhost;127.0.0.1" });
        await using var nginx = await Nginx.StartAsync(gateway);
        var root = new Uri(nginx.Address, path);
        var host = $"{Name}:{root.Port}";
        using var http = new HttpClient { BaseAddress = root };

        foreach (var page in (string[])["", "scalar/", "openapi/v1.json", "asyncapi.json", "docs/protocol", "docs/protocol.css", "api/v1/workflows"])
        {
            using var answer = await Wait.For(http.GetAsync(new Uri(page, UriKind.Relative), TestContext.Current.CancellationToken), page);
            Assert.Equal((page, HttpStatusCode.OK), (page, answer.StatusCode));
        }

        // A page of the name that browsers know, which commands and whose socket is its own.
        using var start = new HttpRequestMessage(HttpMethod.Post, "api/v1/sessions") { Content = JsonContent.Create(Starts.Quick("behind")) };
        start.Headers.Host = host;
        start.Headers.Add("Origin", $"http://{host}");
        using var started = await Wait.For(http.SendAsync(start, TestContext.Current.CancellationToken), "the start");
        Assert.Equal(HttpStatusCode.Created, started.StatusCode);
        using var found = await Wait.For(http.GetAsync(new Uri(new Uri(root, "api/v1/sessions"), started.Headers.Location!), TestContext.Current.CancellationToken), "the session");
        Assert.Equal(HttpStatusCode.OK, found.StatusCode);

        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Host", host);
        socket.Options.SetRequestHeader("Origin", $"http://{host}");
        await Wait.For(socket.ConnectAsync(new UriBuilder(new Uri(root, "ws?session_id=behind")) { Scheme = "ws" }.Uri, TestContext.Current.CancellationToken), "the WebSocket");
        var first = await Wait.For(socket.ReceiveAsync(new byte[4096], TestContext.Current.CancellationToken), "an event");
        Assert.Equal(WebSocketMessageType.Text, first.MessageType);

        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/sessions/behind/events");
        request.Headers.Add("Accept", "text/event-stream");
        using var stream = await Wait.For(http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken), "the stream");
        Assert.Contains("execution:completed", await Wait.For(stream.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), "the end of the stream"), StringComparison.Ordinal);

        foreach (var transport in (HttpTransportType[])[HttpTransportType.WebSockets, HttpTransportType.ServerSentEvents, HttpTransportType.LongPolling]) await AssertHubAsync(root, transport);
    }

    [Fact]
    public async Task The_hub_starts_over_event_streams_where_nginx_is_told_nothing()
    {
        await using var gateway = await CustomFixture.StartAsync();
        await using var nginx = await Nginx.StartAsync(gateway);

        await AssertHubAsync(nginx.Plain, HttpTransportType.ServerSentEvents);
    }

    private static async Task AssertHubAsync(Uri root, HttpTransportType transport)
    {
        await using var hub = new HubConnectionBuilder().WithUrl(new Uri(root, "hub"), transport).Build();
        await Wait.For(hub.StartAsync(TestContext.Current.CancellationToken), $"the hub over {transport}");
        Assert.Equal("pong", await Wait.For(hub.InvokeAsync<string>("Ping", TestContext.Current.CancellationToken), "the answer"));
    }
}
