using Gateway.Contracts;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Infrastructure;
using Gateway.Tests.Workflows;
using Gateway.Tools;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>Nodes that call a tool by themselves.</summary>
public sealed class ToolNodeTests
{
    [Fact]
    public async Task Its_arguments_are_templates_and_a_single_value_keeps_its_kind()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Workflow("""{"tool":"search","arguments":{"query":"about {{ input }}","size":"{{ input.size }}","flag":true,"list":["{{ conversation }}","x"],"inner":{"n":1.50}}}"""), "tea", "s");
        var call = await engine.Tools.NextCall();
        Assert.Equal("""{"query":"about tea","size":3,"flag":true,"list":[[],"x"],"inner":{"n":1.50}}""", call.Arguments);
        Assert.Equal("t.1.1", call.Invocation.Context.CallId);
        call.Return("""{"found":7}""");

        Assert.Equal("8", (await engine.End()).Output);
        Assert.Equal(["t running", "t search running", """t search completed: {"found":7}""", """t: {"found":7}""", "t completed"], engine.Story().SkipWhile(line => line != "t running").Take(5));
    }

    [Theory]
    [InlineData("""{"tool":"search","arguments":{"n":"{{ nodes.end.text }}"}}""", "cannot have run before this node")]
    [InlineData("""{"tool":"no_such"}""", "There is no tool 'no_such'")]
    [InlineData("""{"arguments":{}}""", "The key 'tool' is missing; give it text.")]
    [InlineData("""{"tool":"calculate","approval":"sometimes"}""", "Expected one of 'never', 'once', 'always'.")]
    [InlineData("""{"tool":"calculate","arguments":[1]}""", "Expected keys with values.")]
    [InlineData("""{"tool":"calculat"}""", "did you mean 'calculate'?")]
    public void What_it_cannot_call_is_a_problem_of_the_definition(string with, string problem) =>
        Assert.Contains(TestKinds.Validator.Validate(Workflow(with)), found => found.Message.Contains(problem, StringComparison.Ordinal));

    [Fact]
    public async Task A_call_that_fails_fails_the_node()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Workflow("""{"tool":"search"}"""));
        (await engine.Tools.NextCall()).Throw(new ToolException("Nothing found."));
        Assert.Equal(SessionStatus.Failed, (await engine.End()).Status);
        Assert.Equal(["t search running", "t search failed: Nothing found.", "error t tool_failed", "t failed"], engine.Story().SkipWhile(line => line != "t search running").Take(4));
    }

    [Fact]
    public async Task A_call_that_is_late_fails_the_node_with_a_code_of_its_own()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Workflow("""{"tool":"search"}"""));
        await engine.Tools.NextCall();
        engine.Time.Advance(TimeSpan.FromSeconds(61));
        await engine.End();
        Assert.Equal((ErrorCode.ToolTimeout, "The tool 'search' did not answer within 60 seconds."), ((await engine.Snapshot()).ErrorCode, (await engine.Snapshot()).Error));
    }

    [Theory]
    [InlineData("approve", SessionStatus.Completed)]
    [InlineData("reject", SessionStatus.Failed)]
    public async Task With_approval_it_waits_for_a_person(string answer, string status)
    {
        await using var engine = new EngineFixture();
        await engine.Start(Workflow("""{"tool":"search","approval":"always","arguments":{"q":"tea"}}"""));
        var prompt = ((SessionEvent<NodeStateChange>)await engine.Status("t", NodeStatus.Suspended)).Data.Prompt!;
        Assert.Equal("search", prompt.Tool!.Name);
        await engine.Say(answer, prompt.PromptId);
        if (answer == "approve") (await engine.Tools.NextCall()).Return("1");
        Assert.Equal(status, (await engine.End()).Status);
        if (answer == "reject") Assert.Equal(ErrorCode.ToolRejected, (await engine.Snapshot()).ErrorCode);
    }

    [Fact]
    public async Task After_a_crash_it_is_called_again_with_the_same_key_and_never_after_its_result()
    {
        var (log, tools) = (new FaultyLog(), new GatedTools());
        string key;
        await using (var before = new EngineFixture(log, tools: tools))
        {
            await before.Start(Workflow("""{"tool":"search"}"""));
            key = (await tools.NextCall()).Key;
        }

        await using (var between = new EngineFixture(log, tools: tools))
        {
            await between.Host.RecoverAsync(CancellationToken.None);
            var again = await tools.NextCall();
            Assert.Equal((key, 2), (again.Key, again.Invocation.Context.Attempt));
            again.Return("41");
            Assert.Equal("8", (await between.End()).Output);
        }

        await using var after = new EngineFixture(log, tools: tools);
        await after.Host.RecoverAsync(CancellationToken.None);
        Assert.Equal(2, tools.Calls);
    }

    [Theory]
    [InlineData("""{"tool":"search","arguments":{"n":"{{ nodes.start.json.x }}"}}""")]
    [InlineData("""{"tool":"search","arguments":{"n":"{% for a in conversation %}{{ a.b }}{% endfor %}{{ input.none }}"}}""")]
    public async Task A_template_that_fails_fails_the_node(string with)
    {
        await using var engine = new EngineFixture();
        await engine.Start(Workflow(with), """{"topic":"tea"}""", "s");
        Assert.Equal(SessionStatus.Failed, (await engine.End()).Status);
        Assert.Equal(ErrorCode.TemplateFailed, (await engine.Snapshot()).ErrorCode);
        Assert.Equal(0, engine.Tools.Calls);
    }

    [Fact]
    public async Task Arguments_that_come_out_too_long_are_not_sent()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Workflow("""{"tool":"search","arguments":{"n":"{{ input }}"}}"""), new string('x', 100_000), "s");
        await engine.End();
        Assert.Contains("The arguments of the tool have more than 32768 characters", (await engine.Snapshot()).Error, StringComparison.Ordinal);
    }

    private static WorkflowDefinition Workflow(string with) => Definitions.Of("""
        {"id":"test",
         "nodes":{"start":{"type":"start","next":"t"},"t":{"type":"tool","next":"end","with":WITH},
                  "end":{"type":"end","with":{"output":"8"}}}}
        """.Replace("WITH", with, StringComparison.Ordinal));
}
