using System.Text;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Doors.Http;

/// <summary>HEAD is answered wherever GET is: the same head, and nothing after it.</summary>
public sealed class HeadTests(SocketFixture gateway) : IClassFixture<SocketFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Addresses =>
    [
        "/", "/app.js", "/health/live", "/health/ready", "/openapi/v1.json", "/scalar/", "/scalar/scalar.js", "/asyncapi.json", "/docs/protocol", "/docs/protocol.css",
        "/api/v1/workflows", "/api/v1/workflows/quick-answer", "/api/v1/workflows/quick-answer/diagram", "/schemas/workflow.json", "/api/v1/workflows/nothing",
        "/api/v1/sessions", "/api/v1/sessions?limit=x", "/api/v1/sessions/*", "/api/v1/sessions/nobody",
        "/api/v1/sessions/*/events", "/api/v1/sessions/*/events?after_seq=9", "/api/v1/sessions/nobody/events",
    ];

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Head_is_the_head_of_get(string address)
    {
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(3);
        var path = new Uri(address.Replace("*", session.Id, StringComparison.Ordinal), UriKind.Relative);
        using var client = gateway.CreateClient();

        using var get = await client.GetAsync(path, Token);
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var head = await client.SendAsync(request, Token);

        Assert.Equal((get.StatusCode, get.Content.Headers.ContentType), (head.StatusCode, head.Content.Headers.ContentType));
        Assert.Equal(Names(get), Names(head));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Token));
    }

    [Theory]
    [InlineData("text/event-stream")]
    [InlineData("application/json")]
    public async Task The_head_of_a_live_stream_is_no_stream(string accept)
    {
        var session = await TestSession.CreateAsync(gateway.Services);
        await session.SayAsync(3);
        await using var peer = await Peer.DialAsync(gateway);

        // One connection: a byte of a body would be taken for the beginning of the second answer.
        await peer.SendBytesAsync(Encoding.ASCII.GetBytes($"HEAD /api/v1/sessions/{session.Id}/events HTTP/1.1\r\nHost: {gateway.Address.Authority}\r\nAccept: {accept}\r\n\r\nGET /health/live HTTP/1.1\r\nHost: {gateway.Address.Authority}\r\n\r\n"));

        Assert.Contains($"Content-Type: {accept}", await peer.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 OK", await peer.ReadHeadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_no_command()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/api/v1/sessions/nobody/pause");
        using var client = gateway.CreateClient();
        using var response = await client.SendAsync(request, Token);

        Assert.Equal(405, (int)response.StatusCode);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
    }

    // How long a body is, and how it is cut, is of no use without it.
    private static IEnumerable<string> Names(HttpResponseMessage response) =>
        response.Headers.Select(header => header.Key).Where(name => name is not ("Transfer-Encoding" or "Date")).Order(StringComparer.Ordinal);
}
