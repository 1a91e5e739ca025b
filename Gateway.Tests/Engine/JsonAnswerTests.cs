using Gateway.Contracts;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Workflows;
using Microsoft.Extensions.AI;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>Agents that answer with JSON.</summary>
public sealed class JsonAnswerTests
{
    private const string Schema = """{"type":"object","properties":{"score":{"type":"integer","minimum":0}},"required":["score"]}""";

    [Fact]
    public async Task The_model_is_asked_for_json_and_what_fits_is_what_others_read()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Workflow($$"""{"output":"json","schema":{{Schema}} }"""));
        var call = await engine["a"].NextCall();
        Assert.Equal(Schema, Assert.IsType<ChatResponseFormatJson>(call.Options!.ResponseFormat).Schema!.Value.GetRawText());
        Assert.Contains(Schema, call.Messages[0].Text, StringComparison.Ordinal);
        call.Say("""{"score":""").Say("7}").End();

        Assert.Equal("8", (await engine.End()).Output);
        Assert.Null((await engine.Snapshot()).Nodes["a"].Result);
    }

    [Fact]
    public async Task Json_between_fences_is_taken_out_of_them()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Workflow("""{"output":"json"}"""));
        (await engine["a"].NextCall()).Say("Here it is:\n```json\n{\"score\": 7}\n```\n").End();

        Assert.Equal("8", (await engine.End()).Output);
        Assert.Equal(7, (await engine.Snapshot()).Nodes["a"].Result!.Value.GetProperty("score").GetInt32());
    }

    [Fact]
    public async Task What_does_not_fit_goes_back_with_the_reasons_as_an_attempt_that_everybody_sees()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Workflow($$"""{"output":"json","schema":{{Schema}},"repair":2}"""));
        (await engine["a"].NextCall()).Say("About seven.").End();
        var second = await engine["a"].NextCall();
        Assert.Equal(["About seven.", "The answer is not JSON. Answer with one JSON value and nothing else: no words around it, no code fence."], second.Messages.TakeLast(2).Select(message => message.Text));
        Assert.Equal([ChatRole.Assistant, ChatRole.User], second.Messages.TakeLast(2).Select(message => message.Role));
        second.Say("""{"score":-7}""").End();
        var third = await engine["a"].NextCall();
        Assert.Equal("""{"score":-7}""", third.Messages[^2].Text);
        Assert.StartsWith("The answer does not fit its schema: /score: -7 should be at least 0.", third.Messages[^1].Text, StringComparison.Ordinal);
        third.Say("""{"score":7}""").End();

        Assert.Equal("8", (await engine.End()).Output);
        Assert.Equal(["a running", "a: About seven.", "a usage", "error a output_invalid", "a running 2", "a: {\"score\":-7}", "a usage", "error a output_invalid", "a running 3", "a: {\"score\":7}", "a usage", "a completed 3"], engine.Story().SkipWhile(line => line != "a running").Take(12));
        Assert.Null((await engine.Snapshot()).Nodes["a"].Error);
    }

    [Fact]
    public async Task After_so_many_repairs_the_node_fails()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Workflow("""{"output":"json"}"""));
        for (var attempt = 1; attempt <= 2; attempt++) (await engine["a"].NextCall()).Say("No.").End();

        Assert.Equal(SessionStatus.Failed, (await engine.End()).Status);
        var node = (await engine.Snapshot()).Nodes["a"];
        Assert.Equal((NodeStatus.Failed, 2, "The answer is not JSON."), (node.Status, node.Attempt, node.Error));
        Assert.Equal(2, engine["a"].Calls);
    }

    [Theory]
    [InlineData("""{"output":"xml"}""", "nodes.a.with.output", "Expected one of 'text', 'json'.")]
    [InlineData("""{"schema":{}}""", "nodes.a.with.schema", "Only JSON has a schema; say 'output: json', or take the key out.")]
    [InlineData("""{"repair":1}""", "nodes.a.with.repair", "Only JSON is repaired; say 'output: json', or take the key out.")]
    [InlineData("""{"output":"json","repair":11}""", "nodes.a.with.repair", "Expected a whole number from 0 to 10.")]
    [InlineData("""{"output":"json","schema":{"type":"objekt"}}""", "nodes.a.with.schema", "Not a JSON Schema: 'objekt' is not a valid JSON Schema value type.")]
    [InlineData("""{"output":"json","schema":{"properties":{"pattern":{"type":"string","pattern":"(a+)+b"}}}}""", "nodes.a.with.schema", "'pattern' is not supported in a schema here; say it with other keywords.")]
    [InlineData("""{"output":"json","schema":{"items":{"$ref":"#"}}}""", "nodes.a.with.schema", "'$ref' is not supported in a schema here; say it with other keywords.")]
    public void A_mistake_is_told(string with, string path, string message)
    {
        var problem = Assert.Single(TestKinds.Validator.Validate(Workflow(with)));
        Assert.Equal((path, message), (problem.Path, problem.Message));
    }

    private static WorkflowDefinition Workflow(string with) => Definitions.Of($$$"""
        {"id":"t","agents":{"a":{"model":"a"} },"nodes":{"start":{"type":"start","next":"a"},
          "a":{"type":"agent","agent":"a","with":{{{with}}},"next":"end"},
          "end":{"type":"end","with":{"output":"{{ nodes.a.json.score | plus: 1 }}"} } } }
        """);
}
