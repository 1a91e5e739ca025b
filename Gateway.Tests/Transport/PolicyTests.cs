using System.Net;
using System.Net.WebSockets;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace Gateway.Tests.Transport;

/// <summary>A policy on the gateway's endpoints holds on every address, whether the direct door is switched on or off.</summary>
public sealed class PolicyTests(PolicyTests.Open open, PolicyTests.Shut shut) : IClassFixture<PolicyTests.Open>, IClassFixture<PolicyTests.Shut>
{
    private const string Secret = "secret";

    private static readonly bool[] Doors = [true, false];
    private static readonly string?[] Credentials = [null, "cookie", "bearer", "ticket"];

    public static TheoryData<string, string> Requests => new()
    {
        { "GET", "/" },
        { "HEAD", "/" },
        { "GET", "/index.html" },
        { "GET", "/app.js" },
        { "GET", "/app.css" },
        { "GET", "/openapi/v1.json" },
        { "HEAD", "/openapi/v1.json" },
        { "GET", "/scalar/" },
        { "HEAD", "/scalar/" },
        { "GET", "/scalar/scalar.js" },
        { "GET", "/asyncapi.json" },
        { "GET", "/docs/protocol" },
        { "HEAD", "/docs/protocol" },
        { "GET", "/docs/protocol.css" },
        { "GET", "/api/v1/workflows" },
        { "GET", "/api/v1/workflows/council-debate" },
        { "GET", "/api/v1/workflows/council-debate/diagram" },
        { "POST", "/api/v1/workflows/validate" },
        { "HEAD", "/api/v1/workflows" },
        { "HEAD", "/api/v1/workflows/council-debate" },
        { "POST", "/api/v1/workflows/validate" },
        { "POST", "/api/v1/workflows/estimate" },
        { "GET", "/api/v1/workflows/council-debate/diagram" },
        { "HEAD", "/api/v1/workflows/council-debate/diagram" },
        { "GET", "/schemas/workflow.json" },
        { "POST", "/agui/council-debate" },
        { "GET", "/api/v1/prompts" },
        { "HEAD", "/api/v1/prompts" },
        { "GET", "/api/v1/webhooks" },
        { "HEAD", "/api/v1/webhooks" },
        { "GET", "/api/v1/webhooks/none/dead-letters" },
        { "HEAD", "/api/v1/webhooks/none/dead-letters" },
        { "POST", "/api/v1/webhooks/none/redeliver" },
        { "POST", "/api/v1/webhooks/none/dead-letters/none/redeliver" },
        { "POST", "/api/v1/webhooks/none/enable" },
        { "GET", "/api/v1/sessions" },
        { "HEAD", "/api/v1/sessions" },
        { "POST", "/api/v1/sessions" },
        { "GET", "/api/v1/sessions/none" },
        { "HEAD", "/api/v1/sessions/none" },
        { "DELETE", "/api/v1/sessions/none" },
        { "POST", "/api/v1/sessions/none/pause" },
        { "POST", "/api/v1/sessions/none/resume" },
        { "POST", "/api/v1/sessions/none/input" },
        { "POST", "/api/v1/sessions/none/cancel" },
        { "POST", "/api/v1/sessions/none/fork" },
        { "POST", "/api/v1/sessions/none/retry" },
        { "GET", "/api/v1/sessions/none/events" },
        { "HEAD", "/api/v1/sessions/none/events" },
        { "POST", "/hub/negotiate" },
        { "GET", "/hub" },
        { "POST", "/hub" },
        { "DELETE", "/hub" },
        { "GET", "/ws" },
    };

    public static TheoryData<bool, string?> Ways => [.. Doors.SelectMany(_ => Credentials, (door, credential) => new TheoryDataRow<bool, string?>(door, credential))];

    public static TheoryData<bool, string?, HttpTransportType, bool> HubWays =>
    [
        .. Doors.SelectMany(_ => Credentials, (door, credential) => (door, credential)).SelectMany(
            _ => new[] { (HttpTransportType.WebSockets, true), (HttpTransportType.WebSockets, false), (HttpTransportType.ServerSentEvents, false), (HttpTransportType.LongPolling, false) },
            (way, transport) => new TheoryDataRow<bool, string?, HttpTransportType, bool>(way.door, way.credential, transport.Item1, transport.Item2)),
    ];

    [Fact]
    public void Every_endpoint_is_among_the_requests()
    {
        // Probes stay open; and one file of a page stands for the others.
        var endpoints = open.Host.Endpoints.Where(endpoint => endpoint.RoutePattern.RawText is { } path && !path.Contains("health/", StringComparison.Ordinal) && !Path.HasExtension(path));
        var missing = endpoints.SelectMany(endpoint => Methods(endpoint).Select(method => (Method: method, endpoint.RoutePattern)))
            .Where(asked => !Requests.Any(request => (asked.Method ?? request.Data.Item1) == request.Data.Item1 && new TemplateMatcher(new RouteTemplate(asked.RoutePattern), []).TryMatch(request.Data.Item2, [])))
            .Select(asked => $"{asked.Method} {asked.RoutePattern.RawText}")
            .Distinct();
        Assert.Empty(missing);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Requests_are_let_in_with_a_credential_and_refused_without(string method, string path)
    {
        foreach (var (host, credential) in Doors.SelectMany(_ => Credentials, (door, credential) => (Host(door), credential)))
        {
            using var http = new HttpClient { BaseAddress = host.Address };
            using var request = new HttpRequestMessage(new HttpMethod(method), WithTicket(path, credential));
            Prove(credential, (name, value) => request.Headers.Add(name, value));

            using var response = await Wait.For(http.SendAsync(request, TestContext.Current.CancellationToken), "an answer");

            if (credential is null) Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            else Assert.True(response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.MethodNotAllowed), $"{method} {path} with a {credential}: {response.StatusCode}");
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task WebSockets_are_let_in_with_a_credential_and_refused_without(bool door, string? credential)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        Prove(credential, socket.Options.SetRequestHeader);
        var connecting = socket.ConnectAsync(new UriBuilder(new Uri(Host(door).Address, WithTicket("/ws", credential))) { Scheme = "ws" }.Uri, TestContext.Current.CancellationToken);

        if (credential is null)
        {
            await Assert.ThrowsAsync<WebSocketException>(() => Wait.For(connecting, "the refusal"));
            Assert.Equal(HttpStatusCode.Unauthorized, socket.HttpStatusCode);
            return;
        }

        await Wait.For(connecting, "the WebSocket");
    }

    [Theory]
    [MemberData(nameof(HubWays))]
    public async Task Hub_connections_are_let_in_with_a_credential_and_refused_without(bool door, string? credential, HttpTransportType transport, bool skipNegotiation)
    {
        await using var hub = new HubConnectionBuilder().WithUrl(new Uri(Host(door).Address, WithTicket("/hub", credential)), options =>
        {
            options.Transports = transport;
            options.SkipNegotiation = skipNegotiation;
            Prove(credential, options.Headers.Add);
        }).Build();
        var starting = hub.StartAsync(TestContext.Current.CancellationToken);

        if (credential is null)
        {
            var refused = await Assert.ThrowsAnyAsync<Exception>(() => Wait.For(starting, "the refusal"));
            Assert.Contains("401", refused.ToString(), StringComparison.Ordinal);
            return;
        }

        await Wait.For(starting, "the hub");
        Assert.Equal("pong", await Wait.For(hub.InvokeAsync<string>(nameof(IWorkflowHub.Ping), TestContext.Current.CancellationToken), "the pong"));
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Probes_stay_open(string path)
    {
        using var http = new HttpClient { BaseAddress = open.Host.Address };
        using var response = await Wait.For(http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken), "an answer");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    // Null: any. HEAD goes the way of GET, and CONNECT is how a WebSocket is asked for over HTTP/2.
    private static IEnumerable<string?> Methods(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Where(method => method is not ("HEAD" or "CONNECT")) ?? [null];

    private EmbeddedGateway Host(bool door) => door ? open.Host : shut.Host;

    private static string WithTicket(string path, string? credential) => credential == "ticket" ? $"{path}?ticket={Secret}" : path;

    private static void Prove(string? credential, Action<string, string> add)
    {
        if (credential == "cookie") add("Cookie", $"session={Secret}");
        if (credential == "bearer") add("Authorization", $"Bearer {Secret}");
    }

    /// <summary>The host with the direct door switched on.</summary>
    public sealed class Open() : Fixture(door: true);

    /// <summary>The host with the direct door switched off.</summary>
    public sealed class Shut() : Fixture(door: false);

    /// <summary>A host in which every address of the gateway needs one of three credentials.</summary>
    public abstract class Fixture(bool door) : IAsyncLifetime
    {
        internal EmbeddedGateway Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await EmbeddedGateway.StartAsync(
            door,
            services: builder =>
            {
                builder.Configuration["Gateway:AgUi:Enabled"] = "true";
                builder.Services.AddAuthentication()
                    .AddScheme<AuthenticationSchemeOptions, CookieScheme>("cookie", null)
                    .AddScheme<AuthenticationSchemeOptions, BearerScheme>("bearer", null)
                    .AddScheme<AuthenticationSchemeOptions, TicketScheme>("ticket", null);
            },
            conventions: endpoints => endpoints.RequireAuthorization(policy => policy.AddAuthenticationSchemes("cookie", "bearer", "ticket").RequireAuthenticatedUser()));

        public ValueTask DisposeAsync()
        {
            GC.SuppressFinalize(this);
            return Host.DisposeAsync();
        }
    }

    private abstract class Scheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected abstract string? Proof { get; }

        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Proof == Secret
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "somebody")], base.Scheme.Name)), base.Scheme.Name))
            : AuthenticateResult.NoResult());
    }

    private sealed class CookieScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder) : Scheme(options, logger, encoder)
    {
        protected override string? Proof => Request.Cookies["session"];
    }

    private sealed class BearerScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder) : Scheme(options, logger, encoder)
    {
        protected override string? Proof => Request.Headers.Authorization.ToString().Split(' ') is ["Bearer", var token] ? token : null;
    }

    private sealed class TicketScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder) : Scheme(options, logger, encoder)
    {
        protected override string? Proof => Request.Query["ticket"];
    }
}
