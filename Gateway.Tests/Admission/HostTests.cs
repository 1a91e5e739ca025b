using System.Text;
using Gateway.Admission;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Admission;

/// <summary>Which names the gateway answers for, through both doors and on every path.</summary>
public sealed class HostTests(HostTests.Fixture gateway) : IClassFixture<HostTests.Fixture>
{
    private static readonly string[] Paths = ["/", "/app.js", "/ws", "/hub", "/hub/negotiate", "/api/v1/sessions", "/api/v1/sessions/x/events", "/health/live", "/openapi/v1.json", "/scalar/", "/asyncapi.json", "/docs/protocol", "/nothing"];

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:8080")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("0x7f.1")]
    [InlineData("xn--mnchen-3ya.example")]
    public async Task A_name_that_nobody_gave_the_gateway_is_refused_on_every_path(string host)
    {
        foreach (var path in Paths)
        {
            // A page can be of that very host to its browser: its name was answered with this machine's address.
            foreach (var upgrade in (bool[])[false, true])
            {
                Assert.StartsWith("HTTP/1.1 400 ", await AskAsync(gateway, path, host, upgrade), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:1234")]
    [InlineData("localhost.")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("192.168.1.20")]
    [InlineData("[::1]:8080")]
    [InlineData("page.example:8443")]
    public async Task An_address_localhost_and_the_host_of_an_allowed_page_are_served(string host)
    {
        Assert.StartsWith("HTTP/1.1 200 ", await AskAsync(gateway, "/api/v1/sessions", host, upgrade: false), StringComparison.Ordinal);
        foreach (var path in (string[])["/ws", "/hub"])
        {
            foreach (var more in (string[])["", "X-Unknown: so the ordinary way\r\n"])
            {
                Assert.StartsWith("HTTP/1.1 101 ", await AskAsync(gateway, path, host, upgrade: true, more), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("/ws", "localhost:")]
    [InlineData("/ws", "good.example:")]
    [InlineData("/ws", "localhost:abc")]
    [InlineData("/ws", "good.example:abc")]
    [InlineData("/ws", "good.example:123456")]
    [InlineData("/hub", "a:b:c")]
    [InlineData("/ws", "[::1")]
    [InlineData("/hub", "good.example:-1")]
    [InlineData("/api/v1/sessions", "good.example:abc")]
    public async Task What_is_no_host_is_a_bad_request_and_no_error_of_the_gateway(string path, string host)
    {
        // The fixture fails when the gateway logs an error.
        await using var listed = await CustomFixture.StartAsync(new() { ["AllowedHosts"] = "good.example" });
        foreach (var asked in (GatewayFixture[])[gateway, listed])
        {
            Assert.StartsWith("HTTP/1.1 400 ", await AskAsync(asked, path, host, upgrade: path != "/api/v1/sessions"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("good.example.")]
    [InlineData("good.example.:8080")]
    public async Task A_spelling_that_the_listed_hosts_do_not_have_is_refused_by_both_doors(string host)
    {
        await using var listed = await CustomFixture.StartAsync(new() { ["AllowedHosts"] = "good.example;*.many.example;[::1]" });

        Assert.StartsWith("HTTP/1.1 400 ", await AskAsync(listed, "/ws", host, upgrade: true), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 400 ", await AskAsync(listed, "/api/v1/sessions", host, upgrade: false), StringComparison.Ordinal);
        foreach (var good in (string[])["good.example:8080", "x.many.example", "[::1]:8080"]) Assert.StartsWith("HTTP/1.1 101 ", await AskAsync(listed, "/ws", good, upgrade: true), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_hosts_are_served_when_the_setting_says_so()
    {
        await using var open = await CustomFixture.StartAsync(new() { ["AllowedHosts"] = "*" });

        Assert.StartsWith("HTTP/1.1 101 ", await AskAsync(open, "/ws", "any.example", upgrade: true), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", await AskAsync(open, "/api/v1/sessions", "any.example", upgrade: false), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_says_once_why_a_host_or_a_page_was_refused()
    {
        await using var asked = await CustomFixture.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            await AskAsync(asked, "/ws", "strange.example", upgrade: true);
            await AskAsync(asked, "/ws", "localhost", upgrade: true, "Origin: https://app.example:8443\r\n");
        }

        Assert.Contains("'strange.example'", Assert.Single(asked.Log.Entries, e => e.Id == AdmissionEvents.HostRefused).Text, StringComparison.Ordinal);
        var page = Assert.Single(asked.Log.Entries, e => e.Id == AdmissionEvents.PageRefused).Text;
        Assert.All((string[])["https://app.example:8443", "'localhost'", "Gateway:AllowedOrigins"], part => Assert.Contains(part, page, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Example.ORG.", "example.org", null)]
    [InlineData("münchen.example:81", "xn--mnchen-3ya.example", 81)]
    [InlineData("xn--mnchen-3ya.example", "xn--mnchen-3ya.example", null)]
    [InlineData("[0:0:0:0:0:0:0:1]:5", "[::1]", 5)]
    [InlineData("a:", "a", null)]
    public void A_host_has_one_spelling(string text, string name, int? port)
    {
        Assert.True(HostName.TryParse(text, out var host));
        Assert.Equal((name, port), (host.Name, host.Port));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":80")]
    [InlineData(".")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("[127.0.0.1]")]
    [InlineData("a:99999")]
    [InlineData("a:+1")]
    public void What_is_no_host_is_told(string text) => Assert.False(HostName.TryParse(text, out _));

    private static async Task<string> AskAsync(GatewayFixture gateway, string path, string host, bool upgrade, string more = "")
    {
        await using var peer = await Peer.DialAsync(gateway);
        var lines = upgrade
            ? "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            : "Connection: close\r\n";
        await peer.SendBytesAsync(Encoding.Latin1.GetBytes($"GET {path} HTTP/1.1\r\nHost: {host}\r\n{lines}{more}\r\n"));
        return await peer.ReadHeadAsync();
    }

    public sealed class Fixture() : GatewayFixture(sockets: true, new() { ["Gateway:AllowedOrigins"] = "https://page.example" });
}
