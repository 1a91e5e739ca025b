using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.OpenApi;
using Xunit;

namespace Gateway.Tests.Doors.Http;

public sealed partial class DescriptionTests
{
    [Fact]
    public async Task The_document_is_valid_OpenAPI()
    {
        await using var server = await HttpServer.StartAsync();
        await using var stream = new MemoryStream(await (await server.GetAsync("/openapi/v1.json")).Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));

        var (document, diagnostic) = await OpenApiDocument.LoadAsync(stream, "json", null, TestContext.Current.CancellationToken);

        Assert.NotNull(document);
        Assert.Empty(diagnostic!.Errors.Select(e => e.ToString()));
        Assert.Empty(diagnostic.Warnings.Select(e => e.ToString()));
    }

    [Fact]
    public async Task The_document_has_every_route_of_the_API()
    {
        await using var server = await HttpServer.StartAsync();

        var operations = (await OperationsAsync(server)).Select(o => o.Name);

        Assert.Equal(
            [
                "delete /api/v1/sessions/{id}",
                "get /api/v1/sessions",
                "get /api/v1/sessions/{id}",
                "get /api/v1/sessions/{id}/events",
                "get /api/v1/workflows",
                "get /api/v1/workflows/{id}",
                "post /api/v1/sessions",
                "post /api/v1/sessions/{id}/cancel",
                "post /api/v1/sessions/{id}/input",
                "post /api/v1/sessions/{id}/pause",
                "post /api/v1/sessions/{id}/resume",
            ],
            operations.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_operation_says_what_it_does_takes_and_answers()
    {
        await using var server = await HttpServer.StartAsync();

        Assert.All(await OperationsAsync(server), operation =>
        {
            var (name, json) = operation;
            Assert.True(json.TryGetProperty("summary", out var summary) && summary.GetString()!.EndsWith('.'), $"{name} has no summary.");
            Assert.True(json.TryGetProperty("operationId", out _), $"{name} has no operationId.");
            if (json.TryGetProperty("parameters", out var parameters))
            {
                Assert.All(parameters.EnumerateArray(), p => Assert.True(p.TryGetProperty("description", out _), $"{name}: a parameter has no description."));
            }

            var responses = json.GetProperty("responses").EnumerateObject().ToList();
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

        var bodies = (await OperationsAsync(server)).Where(o => o.Json.TryGetProperty("requestBody", out _)).ToDictionary(o => o.Name, Example);

        Assert.Equal(["post /api/v1/sessions", "post /api/v1/sessions/{id}/input"], bodies.Keys.Order(StringComparer.Ordinal));
        await HttpServer.JsonAsync(await server.PostAsync("/api/v1/sessions/mine/input", bodies["post /api/v1/sessions/{id}/input"]));
        Assert.Contains("\"workflow_id\":\"council-debate\"", bodies["post /api/v1/sessions"]);

        static string Example((string Name, JsonElement Json) operation) =>
            JsonSerializer.Serialize(operation.Json.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example"));
    }

    [Fact]
    public async Task Messages_are_described_with_the_names_of_the_wire()
    {
        await using var server = await HttpServer.StartAsync();
        var schemas = (await HttpServer.JsonAsync(await server.GetAsync("/openapi/v1.json"))).GetProperty("components").GetProperty("schemas");

        Assert.Contains("workflow_id", schemas.GetProperty("StartSession").GetProperty("properties").EnumerateObject().Select(p => p.Name));
        Assert.Contains("next_cursor", schemas.GetProperty("SessionPage").GetProperty("properties").EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public async Task A_nodes_next_is_described_as_a_string_or_a_list()
    {
        await using var server = await HttpServer.StartAsync();
        var document = await HttpServer.JsonAsync(await server.GetAsync("/openapi/v1.json"));

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

    private static async Task<IReadOnlyList<(string Name, JsonElement Json)>> OperationsAsync(HttpServer server)
    {
        var document = await HttpServer.JsonAsync(await server.GetAsync("/openapi/v1.json"));
        return [.. document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(o => ($"{o.Name} {p.Name}", o.Value)))];
    }

    [GeneratedRegex("""(https?:)?//(?!localhost)[a-z0-9-]+\.[a-z0-9.-]+""", RegexOptions.IgnoreCase)]
    private static partial Regex OtherHosts();

    [GeneratedRegex("""<script[^>]*src="([^"]+)""")]
    private static partial Regex ScriptSources();
}
