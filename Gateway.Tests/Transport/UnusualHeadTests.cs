using System.Text;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Transport;

/// <summary>What opens before HTTP is refused wherever HTTP would refuse it.</summary>
public sealed class UnusualHeadTests
{
    [Theory]
    [InlineData("/ws", "good.example", 101)]
    [InlineData("/ws", "good.example:8080", 101)]
    [InlineData("/ws", "a.wild.example", 101)]
    [InlineData("/ws", "evil.example", 400)]
    [InlineData("/hub", "good.example", 101)]
    [InlineData("/hub", "evil.example", 400)]
    public async Task A_host_that_is_not_allowed_is_refused(string path, string host, int status)
    {
        await using var gateway = await CustomFixture.StartAsync(new() { ["AllowedHosts"] = "good.example;*.wild.example" });

        Assert.StartsWith($"HTTP/1.1 {status} ", await AskAsync(gateway, Head(path, host, $"Origin: http://{host}\r\n")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/ws")]
    [InlineData("/hub")]
    public async Task What_Kestrel_would_refuse_is_refused(string path)
    {
        await using var gateway = await CustomFixture.StartAsync();

        Assert.StartsWith("HTTP/1.1 101 ", await AskAsync(gateway, Head(path, "localhost")), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 400 ", await AskAsync(gateway, Head(path, "a b/c")), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 400 ", await AskAsync(gateway, Head(path, "localhost", "X-A: a\0b\r\n")), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431 ", await AskAsync(gateway, Head(path, "localhost", string.Concat(Enumerable.Range(0, 200).Select(i => $"X-{i}: 1\r\n")))), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431 ", await AskAsync(gateway, Head(path, "localhost", $"X-A: {new string('a', 40_000)}\r\n")), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 414 ", await AskAsync(gateway, Head($"{path}?a={new string('a', 9_000)}", "localhost")), StringComparison.Ordinal);
    }

    private static string Head(string path, string host, string more = "") =>
        $"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{more}\r\n";

    private static async Task<string> AskAsync(GatewayFixture gateway, string head)
    {
        await using var peer = await Peer.DialAsync(gateway);
        await peer.SendBytesAsync(Encoding.Latin1.GetBytes(head));
        return await peer.ReadHeadAsync();
    }
}
