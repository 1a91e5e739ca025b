using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Client;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.SignalR.Client;
using Xunit;

namespace Gateway.Tests.Hosting;

/// <summary>Below a path of another program the gateway is whole, and the rest of the program is as it would be without it.</summary>
public sealed class PrefixTests(GuestProgram program) : IClassFixture<GuestProgram>, IDisposable
{
    private readonly HttpClient _stranger = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = program.Address };
    private readonly HttpClient _known = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = program.Address, DefaultRequestHeaders = { { "X-Key", "secret" } } };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _stranger.Dispose();
        _known.Dispose();
    }

    [Theory]
    [InlineData(GatewayWire.MessagePack, "/hub")]
    [InlineData(GatewayWire.Json, "/hub")]
    [InlineData(GatewayWire.WebSocket, "/ws")]
    public async Task A_session_runs_for_whom_the_program_lets_in_and_for_nobody_else(GatewayWire wire, string path)
    {
        var address = new Uri(program.Address, GuestProgram.Prefix + path);
        var options = new GatewayClientOptions { Wire = wire, ConfigureConnection = connection => connection.Headers["X-Key"] = "secret" };
        await using var client = await Wait.For(GatewayClient.ConnectAsync(address, options, Token), "the connection");
        using var session = await Wait.For(client.StartAsync("council-debate", "Tea or coffee?", cancellationToken: Token), "the start");

        Assert.Equal(SessionStatus.Completed, (await Wait.For(session.Completion, "the end")).Status);
        var refused = await Assert.ThrowsAsync<GatewayClientException>(() => Wait.For(GatewayClient.ConnectAsync(address, new GatewayClientOptions { Wire = wire }, Token), "the refusal"));
        Assert.Contains("401", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/app.js")]
    [InlineData("/scalar/")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/api/v1/sessions")]
    public async Task All_addresses_are_below_the_path_and_policed(string path)
    {
        Assert.Equal(HttpStatusCode.OK, (await _known.GetAsync(GuestProgram.Prefix + path, Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _stranger.GetAsync(GuestProgram.Prefix + path, Token)).StatusCode);

        // The program has a document of this name, of its own.
        if (path != "/openapi/v1.json") Assert.Equal(HttpStatusCode.NotFound, (await _known.GetAsync(path, Token)).StatusCode);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Probes_stay_open(string path) =>
        Assert.Equal(HttpStatusCode.OK, (await _stranger.GetAsync(GuestProgram.Prefix + path, Token)).StatusCode);

    [Fact]
    public async Task The_page_is_below_a_slash()
    {
        var answer = await _known.GetAsync($"{GuestProgram.Prefix}?x=1", Token);

        Assert.Equal((HttpStatusCode.Redirect, "/agents/?x=1"), (answer.StatusCode, answer.Headers.Location!.OriginalString));
    }

    [Fact]
    public async Task A_refusal_names_the_address_that_was_asked_for()
    {
        var problem = await (await _known.GetAsync($"{GuestProgram.Prefix}/api/v1/nothing", Token)).Content.ReadFromJsonAsync<JsonElement>(Token);

        Assert.Equal("There is nothing at '/agents/api/v1/nothing'; /agents/scalar lists all addresses.", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task The_program_keeps_its_own_JSON_and_its_own_refusals()
    {
        Assert.Equal("""{"itemName":"tea","howMany":2,"remark":null}""", await _stranger.GetStringAsync("/api/orders", Token));
        using var order = new StringContent("""{"ITEMNAME":"tea","howMany":"3"}""", System.Text.Encoding.UTF8, "application/json");
        Assert.Equal("""{"itemName":"tea","howMany":3,"remark":null}""", await (await _stranger.PostAsync("/api/orders", order, Token)).Content.ReadAsStringAsync(Token));

        var missing = await _stranger.GetAsync("/api/nothing", Token);
        Assert.Equal((HttpStatusCode.NotFound, ""), (missing.StatusCode, await missing.Content.ReadAsStringAsync(Token)));
        Assert.False(missing.Headers.Contains("Content-Security-Policy"));
    }

    [Fact]
    public async Task Hosts_and_web_pages_are_asked_below_the_path_only()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/api/orders", host: "shop.example"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync($"{GuestProgram.Prefix}/api/v1/sessions", host: "shop.example"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/api/orders", origin: "https://stranger.example", body: """{"itemName":"tea","howMany":1}"""));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync($"{GuestProgram.Prefix}/api/v1/sessions", origin: "https://stranger.example", body: "{}"));
    }

    [Fact]
    public async Task The_default_CORS_policy_is_the_programs()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/orders") { Headers = { { "Origin", "https://friend.example" } } };
        using var answer = await _stranger.SendAsync(request, Token);

        Assert.Equal(["https://friend.example"], answer.Headers.GetValues("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Each_has_a_description_of_its_own()
    {
        var own = await _stranger.GetFromJsonAsync<JsonElement>("/openapi/v1.json", Token);
        Assert.Equal(["/api/orders"], Paths(own));
        Assert.Contains("itemName", Members(own, "Order"));

        var gateway = await _known.GetFromJsonAsync<JsonElement>($"{GuestProgram.Prefix}/openapi/v1.json", Token);
        Assert.NotEmpty(Paths(gateway));
        Assert.All(Paths(gateway), path => Assert.StartsWith("/agents/api/v1/", path, StringComparison.Ordinal));
        Assert.Contains("session_id", Members(gateway, "SessionAck"));
    }

    [Fact]
    public async Task A_hub_of_the_program_keeps_its_own_form()
    {
        await using var bell = new HubConnectionBuilder().WithUrl(new Uri(program.Address, "/bell")).Build();
        await Wait.For(bell.StartAsync(Token), "the hub of the program");

        var rung = await Wait.For(bell.InvokeAsync<JsonElement>("Ring", new GuestProgram.Order("tea", 1, null), Token), "the answer");

        Assert.Equal("""{"itemName":"tea","howMany":2,"remark":null}""", rung.GetRawText());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("agents")]
    [InlineData("/agents/")]
    [InlineData("/{agents}")]
    [InlineData("/a b")]
    public async Task A_prefix_that_is_no_path_is_refused(string prefix)
    {
        await using var app = WebApplication.CreateBuilder().AddGateway().Build();

        Assert.Contains("is not a path to map the gateway under; write it like /agents.", Assert.Throws<ArgumentException>(() => app.MapGateway(prefix)).Message, StringComparison.Ordinal);
    }

    private async Task<HttpStatusCode> StatusAsync(string path, string? host = null, string? origin = null, string? body = null)
    {
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, path);
        if (body is not null) request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        request.Headers.Host = host;
        if (origin is not null) request.Headers.Add("Origin", origin);
        using var answer = await _known.SendAsync(request, Token);
        return answer.StatusCode;
    }

    private static IEnumerable<string> Paths(JsonElement document) => document.GetProperty("paths").EnumerateObject().Select(path => path.Name);

    private static IEnumerable<string> Members(JsonElement document, string schema) => document.GetProperty("components").GetProperty("schemas").GetProperty(schema).GetProperty("properties").EnumerateObject().Select(member => member.Name);
}
