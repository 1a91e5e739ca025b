using System.Net.Sockets;
using System.Text;
using Gateway.Tests.Infrastructure;
using Gateway.Transport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Gateway.Tests.Transport;

/// <summary>Connections that say nothing, or not enough: browsers open such ones ahead, probes look whether a port is open.</summary>
/// <remarks>The fixture asserts at its end that the gateway has logged no error.</remarks>
public sealed class SilentConnectionTests
{
    [Theory]
    [InlineData("")]
    [InlineData("GET /ws HT")]
    [InlineData("GET /hub HTTP/1.1\r\nHost: localhost\r\nUpgr")]
    public async Task One_that_says_too_little_is_dropped_without_a_word_in_the_log(string start)
    {
        await using var gateway = await CustomFixture.StartAsync();
        var pending = gateway.Services.GetRequiredService<PendingHeads>();
        await using var peer = await Peer.DialAsync(gateway);
        if (start.Length > 0) await peer.SendBytesAsync(Encoding.ASCII.GetBytes(start));

        var ended = EndAsync(peer.Socket);
        while (!ended.IsCompleted)
        {
            // When it has been accepted is not seen from here.
            pending.Drop(TimeSpan.Zero);
            await Task.Yield();
        }

        await Wait.For(ended, "the end of the connection");
        using var http = gateway.CreateClient();
        using var alive = await http.GetAsync(new Uri("/health/live", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.True(alive.IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_silent_connection_does_not_hold_up_the_end_of_the_gateway()
    {
        await using var gateway = await CustomFixture.StartAsync();
        await using var silent = await Peer.DialAsync(gateway);
        await using var other = await Peer.ConnectAsync(gateway, "/ws");

        await Wait.For(gateway.Services.GetRequiredService<IHost>().StopAsync(TestContext.Current.CancellationToken), "the gateway to end");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_leaves_in_the_middle_of_a_body_is_no_error(bool reset)
    {
        await using var gateway = await CustomFixture.StartAsync();
        var head = Encoding.ASCII.GetBytes("POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"a");
        for (var i = 0; i < 20; i++)
        {
            await using var peer = await Peer.DialAsync(gateway);
            await peer.SendBytesAsync(head);
            if (reset) peer.Socket.LingerState = new LingerOption(true, 0);
        }

        // The end waits for what is under way.
        await Wait.For(gateway.Services.GetRequiredService<IHost>().StopAsync(TestContext.Current.CancellationToken), "the gateway to end");
    }

    [Fact]
    public async Task A_body_that_is_too_large_and_has_no_length_is_no_error()
    {
        await using var gateway = await CustomFixture.StartAsync();
        using var http = gateway.CreateClient();
        for (var i = 0; i < 5; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/sessions");
            request.Content = new ByteArrayContent(Encoding.ASCII.GetBytes("{\"subject\":\"" + new string('a', 3_000_000) + "\"}"));
            request.Content.Headers.ContentType = new("application/json");
            request.Headers.TransferEncodingChunked = true;
            using var response = await Wait.For(http.SendAsync(request, TestContext.Current.CancellationToken), "the refusal");
            Assert.Equal(System.Net.HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        }

        await Wait.For(gateway.Services.GetRequiredService<IHost>().StopAsync(TestContext.Current.CancellationToken), "the gateway to end");
    }

    private static async Task EndAsync(Socket socket)
    {
        try
        {
            while (await socket.ReceiveAsync(new byte[256]) > 0)
            {
                // An answer is fine, too.
            }
        }
        catch (SocketException)
        {
            // A reset is an end.
        }
    }
}
