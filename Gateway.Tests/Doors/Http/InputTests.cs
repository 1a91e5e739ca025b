using Gateway.Contracts;
using Xunit;

namespace Gateway.Tests.Doors.Http;

/// <summary>What a workflow's <c>inputs</c> say of the input of a start.</summary>
public sealed class InputTests
{
    private const string Workflow = """{"inputs":{"type":"object","properties":{"topic":{"type":"string","minLength":3},"rounds":{"type":"integer"}},"required":["topic","rounds"],"additionalProperties":false},"agents":{"a":{}},"nodes":{"s":{"type":"start","next":"a"},"a":{"type":"agent","agent":"a","prompt":"{{ input.topic }}","next":"e"},"e":{"type":"end"}}}""";

    [Fact]
    public async Task All_reasons_are_told()
    {
        await using var server = await HttpServer.StartAsync();

        var sentence = await HttpServer.ProblemAsync(await server.PostAsync("/api/v1/sessions", "{\"workflow\":" + Workflow + ",\"input\":{\"topic\":\"a\",\"more\":1}}"), 400, ErrorCode.InvalidData);

        Assert.StartsWith("The input does not fit what workflow 'inline' takes: ", sentence, StringComparison.Ordinal);
        Assert.All(["/topic: ", "rounds", "/more: "], part => Assert.Contains(part, sentence, StringComparison.Ordinal));
        Assert.Empty(server.Host.Calls);
    }

    [Theory]
    [InlineData("\"subject\":\"Trams\"")]
    [InlineData("\"input\":\"Trams\"")]
    [InlineData("\"session_id\":\"x\"")]
    public async Task A_text_or_nothing_is_no_object_with_what_is_required(string given)
    {
        await using var server = await HttpServer.StartAsync();

        await HttpServer.ProblemAsync(await server.PostAsync("/api/v1/sessions", "{\"workflow\":" + Workflow + "," + given + "}"), 400, ErrorCode.InvalidData);
    }

    [Theory]
    [InlineData("""{"type":"string","pattern":"(a+)+$"}""", "inputs: 'pattern' is not supported in a schema here; say it with other keywords.")]
    [InlineData("""{"type":"text"}""", "inputs: Not a JSON Schema: ")]
    [InlineData("""{"type":"object","properties":{"topics":{}},"additionalProperties":false}""", "nodes.a.prompt: The path 'input.topic' leads nowhere: 'inputs' has topics; did you mean 'topics'?")]
    public async Task A_schema_that_is_none_and_a_path_that_it_excludes_are_problems(string inputs, string problem)
    {
        await using var server = await HttpServer.StartAsync();
        var body = "{\"workflow\":" + Workflow.Replace("""{"type":"object","properties":{"topic":{"type":"string","minLength":3},"rounds":{"type":"integer"}},"required":["topic","rounds"],"additionalProperties":false}""", inputs, StringComparison.Ordinal) + "}";

        var answer = await server.PostAsync("/api/v1/sessions", body);

        Assert.Equal(422, (int)answer.StatusCode);
        Assert.Contains(problem, System.Text.Json.JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
