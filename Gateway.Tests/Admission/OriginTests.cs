using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Gateway.Admission;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.Tests.Admission;

/// <summary>Which web pages may use which door.</summary>
public sealed class OriginTests(OriginTests.Fixture gateway) : IClassFixture<OriginTests.Fixture>
{
    private const string Listed = "https://app.example";
    private const string Foreign = "https://evil.example";

    public static TheoryData<string> WebSocketPaths => ["/ws", "/hub"];

    public static TheoryData<string, string> Changes => new()
    {
        { "POST", "/api/v1/sessions" },
        { "POST", "/api/v1/sessions/any/pause" },
        { "POST", "/api/v1/sessions/any/resume" },
        { "POST", "/api/v1/sessions/any/cancel" },
        { "POST", "/api/v1/sessions/any/input" },
        { "DELETE", "/api/v1/sessions/any" },
        { "POST", "/hub/negotiate" },
        { "POST", "/hub?id=any" },
        { "DELETE", "/hub?id=any" },
    };

    public static TheoryData<string> ForeignOrigins =>
    [
        Foreign, "null", "file://", "about:blank", "chrome-extension://abc", "not an address", "http://", "https://app.example.evil.example",
        "http://localhost", "http://localhost:1", "http://localhost:*@evil.example", "ftp://localhost:*", "//localhost:*", "localhost:*", "http://localhost:99999",
    ];

    [Theory]
    [MemberData(nameof(WebSocketPaths))]
    public async Task A_page_of_the_gateways_own_host_may_connect(string path)
    {
        await AssertConnectsAsync(path, gateway.Address.GetLeftPart(UriPartial.Authority));
        await AssertConnectsAsync(path, gateway.Address.GetLeftPart(UriPartial.Authority).ToUpperInvariant());
    }

    [Theory]
    [MemberData(nameof(WebSocketPaths))]
    public async Task A_page_that_the_gateway_is_told_of_may_connect(string path) => await AssertConnectsAsync(path, Listed);

    [Theory]
    [MemberData(nameof(WebSocketPaths))]
    public async Task What_is_no_page_may_connect(string path) => await AssertConnectsAsync(path, origin: null);

    [Theory]
    [MemberData(nameof(ForeignOrigins))]
    public async Task Any_other_page_gets_403(string origin)
    {
        origin = origin.Replace("*", $"{gateway.Address.Port}", StringComparison.Ordinal);
        foreach (var path in new[] { "/ws", "/hub" })
        {
            using var socket = new ClientWebSocket();
            socket.Options.SetRequestHeader("Origin", origin);
            socket.Options.CollectHttpResponseDetails = true;

            await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(gateway.WebSocketAddress(path), CancellationToken.None));

            Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode);
        }

        using var response = await SendAsync("POST", "/api/v1/sessions/any/cancel", origin);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("Origin: ")]
    [InlineData("Origin: https://app.example\r\nOrigin: https://app.example")]
    public async Task An_origin_that_is_none_gets_403(string lines) => Assert.StartsWith("HTTP/1.1 403 ", await RawAsync("HTTP/1.1", "Host: localhost\r\n" + lines));

    // Whatever stands in Host, the answer is a refusal and no error of the gateway.
    [Theory]
    [InlineData("HTTP/1.1", "Host: \r\nOrigin: http://localhost")]
    [InlineData("HTTP/1.1", "Host: a:b:c\r\nOrigin: http://localhost")]
    [InlineData("HTTP/1.1", "Host: [::1\r\nOrigin: http://localhost")]
    [InlineData("HTTP/1.1", "Host: %zz\r\nOrigin: http://localhost")]
    [InlineData("HTTP/1.1", "Host: localhost:99999\r\nOrigin: http://localhost")]
    [InlineData("HTTP/1.1", "Host: -_.!~*'()\r\nOrigin: http://localhost")]
    [InlineData("HTTP/1.0", "Origin: http://localhost")]
    public async Task A_host_that_is_none_is_no_error_of_the_gateway(string version, string lines) => Assert.Matches("^HTTP/1.1 (403|400) ", await RawAsync(version, lines));

    [Theory]
    [InlineData("localhost", "http://localhost")]
    [InlineData("localhost:80", "http://localhost")]
    [InlineData("gateway.example", "https://gateway.example")]
    [InlineData("gateway.example:443", "https://gateway.example")]
    [InlineData("gateway.example:8443", "https://gateway.example:8443")]
    [InlineData("[::1]:8080", "http://[::1]:8080")]
    public async Task The_default_port_may_be_left_out(string host, string origin) =>
        Assert.StartsWith("HTTP/1.1 404 ", await RawAsync("HTTP/1.1", $"Host: {host}\r\nOrigin: {origin}"));

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_foreign_page_changes_nothing(string method, string path)
    {
        using var response = await SendAsync(method, path, Foreign);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(ErrorCode.OriginNotAllowed, problem.GetProperty("code").GetString());
        Assert.Equal(403, problem.GetProperty("status").GetInt32());
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_foreign_page_cannot_cancel_a_session()
    {
        var id = Starts.NewId();
        using var http = gateway.CreateClient();
        (await http.PostAsJsonAsync("/api/v1/sessions", Starts.Reviewed(id))).EnsureSuccessStatusCode();

        (await SendAsync("POST", $"/api/v1/sessions/{id}/cancel", Foreign)).Dispose();
        (await SendAsync("POST", $"/api/v1/sessions/{id}/pause", Foreign)).Dispose();

        var session = await http.GetFromJsonAsync<JsonElement>($"/api/v1/sessions/{id}");
        Assert.NotEqual("cancelled", session.GetProperty("status").GetString());
        Assert.NotEqual("user_requested", session.TryGetProperty("pause_reason", out var reason) ? reason.GetString() : null);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Pages_of_the_own_host_and_listed_ones_pass(string method, string path)
    {
        foreach (var origin in new[] { Listed, gateway.Address.GetLeftPart(UriPartial.Authority), null })
        {
            using var response = await SendAsync(method, path, origin);

            Assert.NotEqual(HttpStatusCode.Forbidden, response.StatusCode);
            Assert.True(response.StatusCode < HttpStatusCode.InternalServerError, $"{response.StatusCode}");
        }
    }

    [Theory]
    [InlineData("/api/v1/sessions", "POST")]
    [InlineData("/api/v1/sessions/any", "DELETE")]
    [InlineData("/hub/negotiate", "POST")]
    public async Task A_listed_page_is_told_that_it_may(string path, string method)
    {
        using var http = gateway.CreateClient();
        using var preflight = new HttpRequestMessage(HttpMethod.Options, path);
        preflight.Headers.Add("Origin", Listed);
        preflight.Headers.Add("Access-Control-Request-Method", method);
        preflight.Headers.Add("Access-Control-Request-Headers", "content-type,x-requested-with,x-signalr-user-agent");

        using var response = await http.SendAsync(preflight);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(Listed, Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal("true", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Credentials")));
        Assert.Contains(method, Assert.Single(response.Headers.GetValues("Access-Control-Allow-Methods")));
        Assert.Contains("x-signalr-user-agent", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Headers")));
    }

    [Fact]
    public async Task A_foreign_page_is_not_told_that_it_may()
    {
        using var http = gateway.CreateClient();
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/v1/sessions");
        preflight.Headers.Add("Origin", Foreign);
        preflight.Headers.Add("Access-Control-Request-Method", "POST");

        using var response = await http.SendAsync(preflight);

        Assert.DoesNotContain(response.Headers, h => h.Key.StartsWith("Access-Control-Allow-Origin", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("/api/v1/workflows")]
    [InlineData("/api/v1/sessions/nobody")]
    public async Task A_listed_page_may_read_answers_and_a_foreign_one_not(string path)
    {
        using var listed = await SendAsync("GET", path, Listed);
        using var foreign = await SendAsync("GET", path, Foreign);

        Assert.Equal(Listed, Assert.Single(listed.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Contains("Origin", listed.Headers.Vary);
        Assert.False(foreign.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_listed_page_sees_where_its_session_is()
    {
        using var http = gateway.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/sessions") { Content = JsonContent.Create(Starts.Quick(Starts.NewId())) };
        request.Headers.Add("Origin", Listed);

        using var response = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Contains("Location", string.Join(",", response.Headers.GetValues("Access-Control-Expose-Headers")));
    }

    [Fact]
    public void Origins_may_be_one_text_with_commas()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Gateway:AllowedOrigins", "https://a.example, https://b.example:8443/")]).Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddAdmission().BuildServiceProvider();
        var policy = services.GetRequiredService<OriginPolicy>();

        Assert.True(policy.IsListed("https://a.example"));
        Assert.True(policy.IsListed("https://b.example:8443"));
        Assert.False(policy.IsListed("https://c.example"));
    }

    [Theory]
    [InlineData("xn--mnchen-3ya.example", "https://xn--mnchen-3ya.example", true)]
    [InlineData("xn--mnchen-3ya.example:8443", "https://xn--mnchen-3ya.example:8443", true)]
    [InlineData("XN--MNCHEN-3YA.example", "https://xn--mnchen-3ya.example", true)]
    [InlineData("app.example:443", "https://app.example", true)]
    [InlineData("app.example", "https://app.example:443", true)]
    [InlineData("127.0.0.1:8080", "http://localhost:8080", true)]
    [InlineData("localhost:8080", "http://[::1]:8080", true)]
    [InlineData("app.example", "https://app.example:8443", false)]
    [InlineData("app.example:80", "https://app.example", false)]
    [InlineData("upstream", "https://app.example", false)]
    [InlineData("127.0.0.1:8080", "http://localhost:5173", false)]
    [InlineData("192.168.1.2:8080", "http://localhost:8080", false)]
    public async Task A_page_is_of_the_gateways_own_host_or_not_on_all_doors_alike(string host, string origin, bool own)
    {
        await using var open = await CustomFixture.StartAsync(new() { ["AllowedHosts"] = "*" });
        var upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        foreach (var (line, more) in new[]
        {
            ("GET /ws", upgrade), ("GET /ws", upgrade + "X-Unknown: so the ordinary way\r\n"), ("GET /hub", upgrade), ("GET /hub", upgrade + "X-Unknown: so the ordinary way\r\n"),
            ("POST /hub/negotiate?negotiateVersion=1", "Content-Length: 0\r\n"), ("POST /api/v1/sessions/nobody/cancel", "Content-Length: 0\r\n"),
        })
        {
            await using var peer = await Peer.DialAsync(open);
            await peer.SendBytesAsync(Encoding.Latin1.GetBytes($"{line} HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\n{more}\r\n"));
            Assert.True(own != (await peer.ReadHeadAsync()).StartsWith("HTTP/1.1 403 ", StringComparison.Ordinal), $"{line} with {more}");
        }
    }

    [Theory]
    [InlineData("https://münchen.example/", "https://xn--mnchen-3ya.example")]
    [InlineData("https://app.example:443", "https://app.example")]
    [InlineData("http://App.Example", "http://app.example")]
    [InlineData("chrome-extension://abcdef", "chrome-extension://abcdef")]
    public void An_origin_is_listed_however_it_is_spelt(string setting, string sent) =>
        Assert.True(new OriginPolicy(Microsoft.Extensions.Options.Options.Create(new OriginOptions { AllowedOrigins = [setting] })).IsListed(sent));

    [Fact]
    public async Task Any_page_may_come_where_all_are_listed_but_not_with_its_visitors_credentials()
    {
        await using var open = await CustomFixture.StartAsync(new() { ["Gateway:AllowedOrigins"] = "*" });
        using var http = open.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/workflows");
        request.Headers.Add("Origin", Foreign);

        using var response = await http.SendAsync(request);

        Assert.Equal("*", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    private async Task AssertConnectsAsync(string path, string? origin)
    {
        using var socket = new ClientWebSocket();
        if (origin is not null) socket.Options.SetRequestHeader("Origin", origin);
        await Wait.For(socket.ConnectAsync(gateway.WebSocketAddress(path), CancellationToken.None), $"{path} for {origin}");
        Assert.Equal(WebSocketState.Open, socket.State);
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string? origin)
    {
        using var http = gateway.CreateClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (origin is not null) request.Headers.TryAddWithoutValidation("Origin", origin);
        return await Wait.For(http.SendAsync(request), $"{method} {path}");
    }

    // The first line of the answer to a POST with these very headers.
    private async Task<string> RawAsync(string version, string lines)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, gateway.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"POST /api/v1/sessions/nobody/cancel {version}\r\n{lines}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        return await Wait.For(reader.ReadLineAsync(), "the answer") ?? string.Empty;
    }

    public sealed class Fixture() : GatewayFixture(sockets: true, new() { ["Gateway:AllowedOrigins:0"] = Listed + "/", ["Gateway:AllowedOrigins:1"] = "https://second.example:8443", ["AllowedHosts"] = "*" });
}
