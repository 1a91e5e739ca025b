using System.Text;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Workflows;
using Xunit;

namespace Gateway.Tests.Doors.Http;

/// <summary>A definition is checked without being started, in YAML and in JSON.</summary>
public sealed class ValidateTests
{
    private const string Address = "/api/v1/workflows/validate";

    [Theory]
    [InlineData("application/yaml")]
    [InlineData("application/yaml; charset=utf-8")]
    [InlineData("text/yaml")]
    [InlineData("text/x-yaml")]
    [InlineData("application/x-yaml")]
    public async Task Yaml_is_read_under_each_of_its_names(string type)
    {
        var report = await ReportAsync("agents: { a: {} }\nnodes:\n  s: { type: start, next: x }\n  x: { type: agent, agent: b, next: e }\n  e: { type: end }\n", type);

        Assert.False(report.GetProperty("valid").GetBoolean());
        var problem = Assert.Single(report.GetProperty("problems").EnumerateArray());
        Assert.Equal("""{"path":"nodes.x.agent","line":4,"column":21,"message":"There is no agent 'b'.","hint":"'agent' is: The agent that speaks at the node, where its type has one."}""", problem.GetRawText());
    }

    [Fact]
    public async Task All_problems_come_at_once_each_with_its_place_and_a_hint()
    {
        var report = await ReportAsync("""
            {"titel":"x",
             "agents":{"w":{"temperature":9,"model":"nobody"}},
             "nodes":{"start":{"type":"start","next":"a"},
               "a":{"type":"agent","agent":"w","next":"ende"},
               "end":{"type":"end"}}}
            """, "application/json");

        Assert.Equal(["titel", "agents.w.temperature", "nodes.a.next", "agents.w.model"], report.GetProperty("problems").EnumerateArray().Select(problem => problem.GetProperty("path").GetString()));
        Assert.Equal([1, 2, 4, 2], report.GetProperty("problems").EnumerateArray().Select(problem => problem.GetProperty("line").GetInt32()));
        Assert.All(report.GetProperty("problems").EnumerateArray(), problem => Assert.NotEqual("", problem.GetProperty("hint").GetString()));
    }

    [Fact]
    public async Task What_can_run_is_valid()
    {
        var report = await ReportAsync(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "workflows", "council-optimize.yaml"), TestContext.Current.CancellationToken), "application/yaml");

        Assert.Equal("""{"valid":true,"problems":[]}""", report.GetRawText());
    }

    [Fact]
    public async Task A_child_that_is_missing_keeps_a_definition_from_running()
    {
        var report = await ReportAsync("nodes: { s: { type: start, next: part }, part: { type: workflow, with: { workflow: nowhere }, next: e }, e: { type: end } }\n", "application/yaml");

        Assert.False(report.GetProperty("valid").GetBoolean());
        Assert.Contains("nowhere", Assert.Single(report.GetProperty("problems").EnumerateArray()).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_read_is_a_problem_and_no_refusal()
    {
        Assert.Equal("Mend this first: the rest can only be checked once the text can be read.", (await ReportAsync("a: b: c", "application/yaml")).GetProperty("problems")[0].GetProperty("hint").GetString());
        Assert.Equal(1, (await ReportAsync("{", "application/json")).GetProperty("problems")[0].GetProperty("line").GetInt32());
        Assert.Equal("The file is empty.", (await ReportAsync("", "application/json")).GetProperty("problems")[0].GetProperty("message").GetString());
    }

    [Fact]
    public async Task Other_bodies_are_refused()
    {
        await using var server = await HttpServer.StartAsync();

        await HttpServer.ProblemAsync(await server.PostAsync(Address, "x"u8.ToArray(), "text/plain"), 415, ErrorCode.UnsupportedMediaType);
        await HttpServer.ProblemAsync(await server.PostAsync(Address, "x"u8.ToArray(), null), 415, ErrorCode.UnsupportedMediaType);
        Assert.Equal("The body is larger than 1048576 bytes, the most that a workflow has.", await HttpServer.ProblemAsync(await server.PostAsync(Address, new byte[WorkflowFileReader.MaxLength + 1]), 413, ErrorCode.MessageTooLarge));
    }

    [Fact]
    public async Task A_large_definition_is_read_to_its_end()
    {
        var nodes = string.Join(",\n", Enumerable.Range(0, 998).Select(i => $$$"""{{{new string(' ', 900)}}}"n{{{i}}}":{"type":"parallel","next":"{{{(i == 997 ? "end" : $"n{i + 1}")}}}"}"""));

        var report = await ReportAsync("""{"nodes":{"start":{"type":"start","next":"n0"},NODES,"end":{"type":"end"}}}""".Replace("NODES", nodes, StringComparison.Ordinal), "application/json");

        Assert.True(report.GetProperty("valid").GetBoolean());
    }

    [Fact]
    public async Task A_workflow_is_drawn_as_a_flowchart()
    {
        await using var server = await HttpServer.StartAsync();

        var response = await server.GetAsync("/api/v1/workflows/quick-answer/diagram");

        Assert.Equal("application/vnd.mermaid", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("flowchart TD\n  n0([\"start\"])\n  n1[\"answer<br/>Helper\"]\n  n2([\"end\"])\n  n0 --> n1\n  n1 --> n2\n", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        await HttpServer.ProblemAsync(await server.GetAsync("/api/v1/workflows/nobody/diagram"), 404, ErrorCode.UnknownWorkflow);
    }

    [Fact]
    public async Task The_schema_is_served()
    {
        await using var server = await HttpServer.StartAsync();

        var response = await server.GetAsync("/schemas/workflow.json");

        Assert.Equal("application/schema+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("Gateway workflow", JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("title").GetString());
    }

    private static async Task<JsonElement> ReportAsync(string text, string type)
    {
        await using var server = await HttpServer.StartAsync();
        return (await HttpServer.JsonAsync(await server.PostAsync(Address, Encoding.UTF8.GetBytes(text), type))).Clone();
    }
}
