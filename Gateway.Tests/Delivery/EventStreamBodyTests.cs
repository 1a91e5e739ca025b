using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Gateway.Contracts;
using Gateway.Delivery.Wires;
using Gateway.Tests.Delivery.Peers;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.Tests.Delivery;

/// <summary>An event stream on HTTP/1.1 is written past the server, and is a proper response all the same.</summary>
public sealed class EventStreamBodyTests
{
    [Fact]
    public async Task Each_event_is_a_chunk_and_the_connection_serves_the_next_request()
    {
        await using var gateway = await PeerGateway.StartAsync();
        var session = await TestSession.CreateAsync(gateway.Services);
        await using var peer = await Peer.DialAsync(gateway);
        await peer.SendBytesAsync(Request(session.Id));
        Assert.Contains("\r\nTransfer-Encoding: chunked\r\n", await peer.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.Equal("retry: 3000\n\n", await ReadChunkAsync(peer));

        for (var seq = 1; seq <= 20; seq++)
        {
            await session.SayAsync(1);
            Assert.StartsWith($"id: {seq}\nevent: token_stream\ndata: {{", await ReadChunkAsync(peer), StringComparison.Ordinal);
        }

        await session.EndAsync();
        Assert.StartsWith("id: 21\nevent: execution:completed\n", await ReadChunkAsync(peer), StringComparison.Ordinal);
        Assert.Equal("", await ReadChunkAsync(peer));

        await peer.SendBytesAsync(Encoding.ASCII.GetBytes("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 200 ", await peer.ReadHeadAsync(), StringComparison.Ordinal);
        await Leftovers.AssertNoneAsync(gateway);
    }

    [Fact]
    public async Task A_stream_that_is_dropped_has_no_last_chunk()
    {
        await using var gateway = await PeerGateway.StartAsync();
        var session = await TestSession.CreateAsync(gateway.Services);
        await using var peer = await Peer.DialAsync(gateway);
        await peer.SendBytesAsync(Request(session.Id));
        await peer.ReadHeadAsync();
        Assert.Equal("retry: 3000\n\n", await ReadChunkAsync(peer));
        await session.SayAsync(1);
        Assert.StartsWith("id: 1\n", await ReadChunkAsync(peer), StringComparison.Ordinal);

        Assert.Single(gateway.Connections().Snapshot()).Abort();

        await Assert.ThrowsAnyAsync<Exception>(() => ReadChunkAsync(peer));
        await Leftovers.AssertNoneAsync(gateway);
    }

    [Fact]
    public async Task A_middleware_of_the_host_sees_the_whole_body()
    {
        await using var gateway = await CustomFixture.StartAsync(services: services => services
            .AddResponseCompression(options => options.MimeTypes = ["text/event-stream"])
            .AddSingleton<IStartupFilter, Compression>());
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(50);
        await session.EndAsync();
        using var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.GZip }) { BaseAddress = gateway.Address };

        using var response = await client.SendAsync(Stream(session.Id, gzip: true), HttpCompletionOption.ResponseHeadersRead);
        var text = await Wait.For(response.Content.ReadAsStringAsync(), "the whole stream");

        Assert.Equal(51, text.Split("\n\n").Count(block => block.StartsWith("id: ", StringComparison.Ordinal)));
        Assert.StartsWith("retry: 3000\n\nid: 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_of_HTTP_1_0_gets_the_events_bare()
    {
        await using var gateway = await PeerGateway.StartAsync();
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.EndAsync();
        await using var peer = await Peer.DialAsync(gateway);

        await peer.SendBytesAsync(Encoding.ASCII.GetBytes($"GET /api/v1/sessions/{session.Id}/events HTTP/1.0\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"));
        Assert.DoesNotContain("chunked", await peer.ReadHeadAsync(), StringComparison.OrdinalIgnoreCase);

        Assert.StartsWith("retry: 3000\n\nid: 1\nevent: execution:completed\ndata: {", await peer.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_is_counted_as_one_wire_whichever_way_it_goes_out()
    {
        await using var gateway = await PeerGateway.StartAsync();
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(10);
        await session.EndAsync();
        using var client = new HttpClient { BaseAddress = gateway.Address };

        using var chunked = await client.SendAsync(Stream(session.Id));
        using var bare = await client.SendAsync(Stream(session.Id, HttpVersion.Version10));

        await Leftovers.AssertNoneAsync(gateway);
        var traffic = Assert.Single(gateway.Services.GetRequiredService<WireRegistry>().Traffic, t => t.Name == "sse");
        Assert.Equal(22, traffic.Events);
    }

    private static byte[] Request(string sessionId) =>
        Encoding.ASCII.GetBytes($"GET {GatewayPath.Api}/sessions/{sessionId}/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");

    private static HttpRequestMessage Stream(string sessionId, Version? version = null, bool gzip = false)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"{GatewayPath.Api}/sessions/{sessionId}/events") { Version = version ?? HttpVersion.Version11 };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (gzip) request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        return request;
    }

    private static async Task<string> ReadChunkAsync(Peer peer)
    {
        var length = Convert.ToInt32(await peer.ReadLineAsync(), 16);
        var text = Encoding.UTF8.GetString((await peer.ReadExactlyAsync(length)).Span);
        Assert.Equal("", await peer.ReadLineAsync());
        return text;
    }

    private sealed class Compression : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app => next(app.UseResponseCompression());
    }
}
