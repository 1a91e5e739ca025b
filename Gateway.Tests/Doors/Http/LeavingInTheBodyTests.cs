using System.Text;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Doors.Http;

/// <summary>Clients that leave in the middle of what they say.</summary>
public sealed class LeavingInTheBodyTests
{
    [Fact]
    public async Task They_leave_nothing_in_the_log()
    {
        var gateway = await CustomFixture.StartAsync();
        await using (gateway)
        {
            for (var i = 0; i < 100; i++)
            {
                await using var peer = await Peer.DialAsync(gateway);
                await peer.Socket.SendAsync(Encoding.ASCII.GetBytes("POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2000000\r\n\r\n{\"sub"));
                peer.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
                Assert.Equal(0, await Wait.For(peer.Socket.ReceiveAsync(new byte[1]), "the end of the connection"));
            }
        }

        // It has stopped, so whatever it had to say about them is said.
        Assert.DoesNotContain(gateway.Log.Entries, entry => entry.Message.Contains("ended abnormally", StringComparison.Ordinal));
    }
}
