using System.Net;
using System.Net.WebSockets;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Doors.WebSockets;

/// <summary>Browsers open a WebSocket on the HTTP/2 connection they have (RFC 8441): with CONNECT, not GET.</summary>
public sealed class Http2Tests(Http2Tests.Fixture gateway) : IClassFixture<Http2Tests.Fixture>
{
    [Fact]
    public async Task A_connection_over_http2_is_served()
    {
        await using var client = await ConnectAsync("/ws");
        await client.AssertServesAsync();

        var id = await client.AckAsync("start_session", Starts.Quick(Starts.NewId()));

        var events = await client.ReadToEndAsync(id);
        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(e => e.GetProperty("seq").GetInt32()));
    }

    [Fact]
    public async Task A_foreign_page_gets_403_over_http2_as_well()
    {
        foreach (var path in new[] { "/ws", "/hub" })
        {
            var exception = await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(path, "https://evil.example"));

            Assert.Contains("403", exception.ToString());
        }
    }

    private async Task<WsClient> ConnectAsync(string path, string? origin = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        if (origin is not null) socket.Options.SetRequestHeader("Origin", origin);
        await Wait.For(socket.ConnectAsync(gateway.WebSocketAddress(path), new HttpMessageInvoker(new SocketsHttpHandler()), CancellationToken.None), path);
        return new WsClient(new RawReader(socket));
    }

    public sealed class Fixture() : GatewayFixture(sockets: true, new() { ["Kestrel:EndpointDefaults:Protocols"] = "Http2" });
}
