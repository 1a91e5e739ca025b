using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Transport;

/// <summary>Heads of requests, and what the answers' heads tell.</summary>
internal static class Heads
{
    /// <summary>A plain upgrade with further headers, each ended by a line break.</summary>
    public static string Upgrade(string path, string headers = "") =>
        $"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n";

    /// <summary>The head that a client sends when it connects to an address, which then refuses it.</summary>
    public static async Task<string> OfClientAsync(Func<Uri, Task> connect)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var connecting = connect(new Uri($"http://{listener.LocalEndpoint}"));
        await using var peer = new Peer(await Wait.For(listener.AcceptSocketAsync(TestContext.Current.CancellationToken).AsTask(), "the client to connect"));
        var head = await peer.ReadHeadAsync();
        await peer.SendBytesAsync(Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        await Assert.ThrowsAnyAsync<Exception>(() => Wait.For(connecting, "the client to be refused"));
        return head;
    }

    /// <summary>Asserts that an upgrade was answered by the direct door, which says no more than it must.</summary>
    public static void AssertDirect(string answer) => Assert.True(IsDirect(answer), answer);

    /// <summary>Whether an upgrade was answered by the direct door.</summary>
    public static bool IsDirect(string answer) =>
        answer.StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal) && !answer.Contains("\r\nDate: ", StringComparison.Ordinal);

    /// <summary>Asserts that an upgrade was answered by HTTP, which tells the time.</summary>
    public static void AssertOrdinary(string answer)
    {
        Assert.StartsWith("HTTP/1.1 101 ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nDate: ", answer, StringComparison.Ordinal);
    }
}
