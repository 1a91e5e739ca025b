using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Contracts;
using Gateway.Doors.Http;
using Gateway.Tests.Delivery.OwnStream;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Xunit;

namespace Gateway.Tests.Doors.Http;

/// <summary>The description of the whole gateway's API: of whatever a door or a wire adds under its path.</summary>
public sealed partial class DescriptionTests(OwnStreamTestHostDelivery.Host gateway) : IClassFixture<OwnStreamTestHostDelivery.Host>
{
    private static readonly Uri Document = new("/openapi/v1.json", UriKind.Relative);

    // What has an address of its own outside the API; PROTOCOL.md describes it.
    private static readonly string[] Outside = [GatewayPath.WebSocket, GatewayPath.Hub, "/health", "/openapi", "/scalar", "/schemas"];

    [Fact]
    public async Task The_document_is_valid_OpenAPI()
    {
        await using var stream = new MemoryStream(await Http.GetByteArrayAsync(Document, TestContext.Current.CancellationToken));

        var (document, diagnostic) = await OpenApiDocument.LoadAsync(stream, "json", null, TestContext.Current.CancellationToken);

        Assert.NotNull(document);
        Assert.Empty(diagnostic!.Errors.Select(e => e.ToString()));
        Assert.Empty(diagnostic.Warnings.Select(e => e.ToString()));
    }

    [Fact]
    public async Task The_document_has_every_route_of_the_API()
    {
        var mapped = Endpoints().Where(endpoint => endpoint.Path.StartsWith(GatewayPath.Api, StringComparison.Ordinal)).Select(endpoint => $"{endpoint.Method} {endpoint.Path}");

        var described = (await OperationsAsync()).Select(operation => operation.Name).ToList();

        Assert.Equal(mapped.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
        Assert.Contains("get /api/v1/sessions/{id}/events", described);
        Assert.Contains("post /api/v1/sessions/{id}/pause", described);
    }

    [Fact]
    public void What_is_not_in_the_document_is_known()
    {
        var unknown = Endpoints().Where(endpoint => !endpoint.IsExcluded && !Outside.Append(GatewayPath.Api).Any(prefix => endpoint.Path.StartsWith(prefix, StringComparison.Ordinal)));

        Assert.Empty(unknown);
    }

    [Fact]
    public async Task Every_form_of_a_stream_is_described_with_its_example()
    {
        var operation = (await OperationsAsync()).Single(operation => operation.Name == "get /api/v1/sessions/{id}/events").Json;
        var contents = operation.GetProperty("responses").GetProperty("200").GetProperty("content");
        var streams = gateway.Services.GetServices<EventStream>().ToList();

        Assert.Superset(new HashSet<string> { "text/event-stream", LinesStream.Type }, streams.Select(stream => stream.MediaType).ToHashSet());
        Assert.Equal(streams.Select(stream => stream.MediaType).Append("application/json").Order(StringComparer.Ordinal), contents.EnumerateObject().Select(content => content.Name).Order(StringComparer.Ordinal));
        Assert.All(streams, stream =>
        {
            var content = contents.GetProperty(stream.MediaType);
            Assert.Equal(("string", stream.Example), (content.GetProperty("schema").GetProperty("type").GetString(), content.GetProperty("example").GetString()));
            Assert.Contains($"`{stream.MediaType}`: ", operation.GetProperty("description").GetString(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Every_operation_says_what_it_does_takes_and_answers()
    {
        Assert.All(await OperationsAsync(), operation =>
        {
            var (name, json) = operation;
            Assert.True(json.TryGetProperty("summary", out var summary) && summary.GetString()!.EndsWith('.'), $"{name} has no summary.");
            Assert.True(json.TryGetProperty("operationId", out _), $"{name} has no operationId.");
            if (json.TryGetProperty("parameters", out var parameters))
            {
                Assert.All(parameters.EnumerateArray(), p => Assert.True(p.TryGetProperty("description", out _), $"{name}: a parameter has no description."));
            }

            var responses = json.GetProperty("responses").EnumerateObject().ToList();
            Assert.All(responses.Where(r => r.Name[0] == '2' && r.Value.TryGetProperty("content", out _)).SelectMany(r => r.Value.GetProperty("content").EnumerateObject()).Where(c => c.Name != "application/json"), content =>
                Assert.True(content.Value.TryGetProperty("example", out _), $"{name}: {content.Name} has no example."));
            Assert.Contains(responses, r => r.Name[0] == '2');
            Assert.All(responses, r => Assert.NotEqual("", r.Value.GetProperty("description").GetString()));
            Assert.All(responses.Where(r => r.Name[0] is '4' or '5'), r =>
                Assert.Contains("code", r.Value.GetProperty("content").GetProperty("application/problem+json").GetProperty("example").EnumerateObject().Select(m => m.Name)));
        });
    }

    [Fact]
    public async Task Bodies_have_an_example_that_works()
    {
        await using var server = await HttpServer.StartAsync();

        var bodies = (await OperationsAsync()).Where(o => o.Json.TryGetProperty("requestBody", out _)).ToDictionary(o => o.Name, Example);

        Assert.Equal(["post /api/v1/sessions", "post /api/v1/sessions/{id}/fork", "post /api/v1/sessions/{id}/input", "post /api/v1/sessions/{id}/retry", "post /api/v1/workflows/estimate", "post /api/v1/workflows/validate"], bodies.Keys.Order(StringComparer.Ordinal));
        await HttpServer.JsonAsync(await server.PostAsync("/api/v1/sessions/mine/input", bodies["post /api/v1/sessions/{id}/input"]));
        Assert.Contains("\"workflow_id\":\"council-debate\"", bodies["post /api/v1/sessions"]);
        Assert.True((await HttpServer.JsonAsync(await server.PostAsync("/api/v1/workflows/validate", bodies["post /api/v1/workflows/validate"]))).GetProperty("valid").GetBoolean());

        static string Example((string Name, JsonElement Json) operation) =>
            JsonSerializer.Serialize(operation.Json.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example"));
    }

    [Fact]
    public async Task Messages_are_described_with_the_names_of_the_wire()
    {
        var schemas = (await DocumentAsync()).GetProperty("components").GetProperty("schemas");

        Assert.Contains("workflow_id", schemas.GetProperty("StartSession").GetProperty("properties").EnumerateObject().Select(p => p.Name));
        Assert.Contains("next_cursor", schemas.GetProperty("SessionPage").GetProperty("properties").EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public async Task A_nodes_next_is_described_as_a_string_or_a_list()
    {
        var document = await DocumentAsync();

        var next = document.GetProperty("components").GetProperty("schemas").GetProperty("NodeDefinition").GetProperty("properties").GetProperty("next");

        Assert.Equal(["array", "null", "string"], next.GetProperty("type").EnumerateArray().Select(t => t.GetString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_page_to_try_the_API_loads_nothing_from_elsewhere()
    {
        await using var server = await HttpServer.StartAsync();

        var response = await server.Client.GetAsync(new Uri("/scalar/", UriKind.Relative), TestContext.Current.CancellationToken);
        var page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Empty(OtherHosts().Matches(page).Select(m => m.Value));
        var script = Assert.Single(ScriptSources().Matches(page), m => m.Groups[1].Value.Contains("scalar.js", StringComparison.Ordinal)).Groups[1].Value;
        var bundle = await server.Client.GetAsync(new Uri(script.StartsWith('/') ? script : $"/scalar/{script}", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("javascript", bundle.Content.Headers.ContentType?.MediaType);
        Assert.True((await bundle.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length > 100_000);
    }

    private HttpClient Http { get; } = gateway.CreateClient();

    private async Task<JsonElement> DocumentAsync() => JsonElement.Parse(await Http.GetStringAsync(Document, TestContext.Current.CancellationToken));

    private async Task<IReadOnlyList<(string Name, JsonElement Json)>> OperationsAsync() =>
        [.. (await DocumentAsync()).GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(o => ($"{o.Name} {p.Name}", o.Value)))];

    // Every address that the whole gateway answers, with its methods; one that takes any has none. HEAD goes where GET does.
    private IEnumerable<(string Method, string Path, bool IsExcluded)> Endpoints() =>
        from endpoint in gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [string.Empty]
        where !HttpMethods.IsHead(method)
        select (method.ToLowerInvariant(), "/" + endpoint.RoutePattern.RawText!.Trim('/'), endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>()?.ExcludeFromDescription == true);

    [GeneratedRegex("""(https?:)?//(?!localhost)[a-z0-9-]+\.[a-z0-9.-]+""", RegexOptions.IgnoreCase)]
    private static partial Regex OtherHosts();

    [GeneratedRegex("""<script[^>]*src="([^"]+)""")]
    private static partial Regex ScriptSources();
}
