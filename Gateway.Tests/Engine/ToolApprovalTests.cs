using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Gateway.Tests.Workflows;
using Microsoft.Extensions.AI;
using Xunit;
using static Gateway.Tests.Engine.ToolTests;

namespace Gateway.Tests.Engine;

/// <summary>Calls of tools that wait for a person.</summary>
public sealed class ToolApprovalTests
{
    private const string SenderText = """
        {"id":"test","agents":{"a":{"model":"a","tools":["search","send"],"approval":{"send":"always"}}},
         "nodes":{"start":{"type":"start","next":"a"},"a":{"type":"agent","agent":"a","next":"end"},"end":{"type":"end"}}}
        """;

    private static readonly WorkflowDefinition Sender = Definitions.Of(SenderText);

    [Fact]
    public async Task A_call_waits_for_its_approval_and_those_beside_it_with_it()
    {
        await using var engine = new EngineFixture();
        await Ask(engine);
        var prompt = ((SessionEvent<NodeStateChange>)await engine.Status("a", NodeStatus.Suspended)).Data.Prompt!;
        Assert.Equal(("a.1.2", PromptKind.ToolApproval, "May send be called with {\"to\":\"all\"}?", "send", "waiting", "always"), (prompt.PromptId, prompt.Kind, prompt.Text, prompt.Tool!.Name, prompt.Tool.Status, prompt.Tool.Approval));
        Assert.Equal("all", prompt.Tool.Arguments!.Value.GetProperty("to").GetString());
        Assert.Equal((SessionStatus.Paused, PauseReason.AwaitingInput, 0), ((await engine.Snapshot()).Status, (await engine.Snapshot()).PauseReason, engine.Tools.Calls));

        await engine.Say("approve", prompt.PromptId);
        var calls = await engine.Tools.NextCalls(2);
        calls["search"].Return("found");
        calls["send"].Return("sent");
        (await engine["a"].NextCall()).Say("Done.").End();

        Assert.Equal("Done.", (await engine.End()).Output);
        Assert.Equal(
            ["a search requested", "a send waiting", "a suspended", "paused awaiting_input", "a running", "a send approved by a user", "a search running", "a send running"],
            engine.Story().SkipWhile(line => line != "a search requested").Take(8));
    }

    [Fact]
    public async Task A_person_may_call_the_tool_with_other_arguments()
    {
        await using var engine = new EngineFixture();
        await Ask(engine);
        await engine.Status("a", NodeStatus.Suspended);
        await engine.Say("""edit: {"to":"nobody"}""", "a.1.2");
        var calls = await engine.Tools.NextCalls(2);
        Assert.Equal("""{"to":"nobody"}""", calls["send"].Arguments);
        foreach (var call in calls.Values) call.Return("ok");

        // The model is shown what was really called.
        var second = await engine["a"].NextCall();
        Assert.Contains(second.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>(), call => call.Arguments!.TryGetValue("to", out var to) && to!.ToString() == "nobody");
        second.End();
        await engine.End();
    }

    [Fact]
    public async Task An_agent_of_a_child_workflow_asks_as_its_own_definition_says()
    {
        await using var engine = new EngineFixture();
        await engine.Start(WorkflowNodeTests.Whole("""{"id":"around","nodes":{"start":{"type":"start","next":"part"},"part":{"type":"workflow","with":{"workflow":"test"},"next":"end"},"end":{"type":"end"}}}""", SenderText));
        (await engine["a"].NextCall()).Send(Call("send", "{}")).End(ChatFinishReason.ToolCalls);

        var prompt = ((SessionEvent<NodeStateChange>)await engine.Status("part/a", NodeStatus.Suspended)).Data.Prompt!;
        Assert.Equal((PromptKind.ToolApproval, 0), (prompt.Kind, engine.Tools.Calls));
        await engine.Cancel();
        await engine.End();
    }

    [Fact]
    public async Task Of_arguments_that_stand_there_twice_the_last_count_and_the_session_goes_on()
    {
        await using var engine = new EngineFixture();
        await Ask(engine);
        await engine.Status("a", NodeStatus.Suspended);
        await engine.Say("""edit: {"to":"nobody","to":"one"}""", "a.1.2");
        foreach (var call in (await engine.Tools.NextCalls(2)).Values) call.Return("ok");

        var second = await engine["a"].NextCall();
        Assert.Contains(second.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>(), call => call.Arguments!.TryGetValue("to", out var to) && to!.ToString() == "one");
        second.Say("Done.").End();
        Assert.Equal("Done.", (await engine.End()).Output);
    }

    [Theory]
    [InlineData("reject", "A person rejected this call.")]
    [InlineData("Reject: too many people", "A person rejected this call: too many people")]
    public async Task A_call_that_is_rejected_is_not_made_and_the_model_hears_why(string answer, string told)
    {
        await using var engine = new EngineFixture();
        await Ask(engine);
        await engine.Status("a", NodeStatus.Suspended);
        await engine.Say(answer);
        var call = await engine.Tools.NextCall();
        Assert.Equal("search", call.Invocation.Name);
        call.Return("found");
        var second = await engine["a"].NextCall();
        Assert.Equal(["found", told], second.Messages[^1].Contents.Cast<FunctionResultContent>().Select(result => result.Result));
        second.End();
        await engine.End();
        Assert.Equal(1, engine.Tools.Calls);
    }

    [Theory]
    [InlineData("send it")]
    [InlineData("edit")]
    [InlineData("edit: [1]")]
    [InlineData("edit: {")]
    [InlineData("""{"action":"approve"}""")]
    public async Task What_is_no_answer_is_refused_and_the_call_goes_on_waiting(string answer)
    {
        await using var engine = new EngineFixture();
        await Ask(engine);
        await engine.Status("a", NodeStatus.Suspended);
        Assert.Equal(ErrorCode.InvalidData, await EngineFixture.Refusal(() => engine.Say(answer)));
        Assert.Equal(NodeStatus.Suspended, (await engine.Snapshot()).Nodes["a"].Status);
        Assert.Equal(0, engine.Tools.Calls);
        await engine.Cancel();
        await engine.End();
    }

    [Fact]
    public async Task The_first_answer_wins_and_a_second_press_decides_no_other_call()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Sender);
        (await engine["a"].NextCall()).Send(Call("send", """{"n":1}""")).Send(Call("send", """{"n":2}""")).End(ChatFinishReason.ToolCalls);
        await engine.Status("a", NodeStatus.Suspended);
        await engine.Say("approve");
        Assert.Equal(ErrorCode.PromptAnswered, await EngineFixture.Refusal(() => engine.Say("approve")));
        Assert.Equal(ErrorCode.PromptAnswered, await EngineFixture.Refusal(() => engine.Say("reject", "a.1.1")));
        Assert.Equal("a.1.2", (await engine.Snapshot()).Nodes["a"].Prompt!.PromptId);
        Assert.Equal(0, engine.Tools.Calls);
        await engine.Say("reject", "a.1.2");
        var call = await engine.Tools.NextCall();
        Assert.Equal("""{"n":1}""", call.Arguments);
        call.Return("sent");
        (await engine["a"].NextCall()).End();
        await engine.End();
        Assert.Equal(ErrorCode.SessionFinished, await EngineFixture.Refusal(() => engine.Say("approve", "a.1.1")));
    }

    [Fact]
    public async Task A_call_goes_on_waiting_through_the_end_of_a_process()
    {
        var (log, models, tools) = (new FaultyLog(), new GatedModels { IdleTimeout = TimeSpan.FromMinutes(1) }, new GatedTools());
        await using (var before = new EngineFixture(log, models, tools: tools))
        {
            await Ask(before);
            await before.Status("a", NodeStatus.Suspended);
        }

        await using var after = new EngineFixture(log, models, tools: tools);
        await after.Host.RecoverAsync(CancellationToken.None);
        Assert.Equal("a.1.2", (await after.Snapshot()).Nodes["a"].Prompt!.PromptId);
        Assert.Equal(0, tools.Calls);
        await after.Say("approve", "a.1.2");
        foreach (var call in (await tools.NextCalls(2)).Values) call.Return("ok");
        (await models["a"].NextCall()).Say("Done.").End();
        Assert.Equal("Done.", (await after.End()).Output);
    }

    [Fact]
    public async Task An_approval_that_is_given_in_a_pause_holds_once_the_session_goes_on()
    {
        await using var engine = new EngineFixture();
        await Ask(engine);
        await engine.Status("a", NodeStatus.Suspended);
        await engine.Pause();
        await engine.Say("approve", "a.1.2");
        Assert.Equal(ErrorCode.PromptAnswered, await EngineFixture.Refusal(() => engine.Say("reject", "a.1.2")));
        await engine.Snapshot();
        Assert.Equal(0, engine.Tools.Calls);
        await engine.Resume();
        foreach (var call in (await engine.Tools.NextCalls(2)).Values) call.Return("ok");
        (await engine["a"].NextCall()).End();
        await engine.End();
        Assert.Equal(["paused user_requested", "paused user_requested holds approve", "a running", "a send approved by a user"], engine.Story().SkipWhile(line => line != "paused user_requested").Take(4));
    }

    [Fact]
    public async Task A_pause_and_a_resume_leave_a_call_waiting()
    {
        await using var engine = new EngineFixture();
        await Ask(engine);
        await engine.Status("a", NodeStatus.Suspended);
        await engine.Pause();
        await engine.Resume();
        Assert.Equal(["paused user_requested", "a running", "a suspended", "paused awaiting_input"], engine.Story().SkipWhile(line => line != "paused user_requested").Take(4));
        Assert.Equal("send", (await engine.Snapshot()).Nodes["a"].Prompt!.Tool!.Name);
        await engine.Cancel();
        await engine.End();
    }

    [Fact]
    public async Task Once_is_for_the_session_and_the_stricter_word_holds()
    {
        var tools = new GatedTools { Approvals = { ["send"] = ToolApproval.Once, ["search"] = ToolApproval.Always } };
        await using var engine = new EngineFixture(tools: tools);
        await engine.Start(Definitions.Of("""
            {"id":"test","agents":{"a":{"model":"a","tools":["search","send"],"approval":{"search":"never"}}},
             "nodes":{"start":{"type":"start","next":"a"},"a":{"type":"agent","agent":"a","next":"end"},"end":{"type":"end"}}}
            """));
        (await engine["a"].NextCall()).Send(Call("send", """{"n":1}""")).Send(Call("send", """{"n":2}""")).Send(Call("search", "{}")).End(ChatFinishReason.ToolCalls);
        await engine.Status("a", NodeStatus.Suspended);
        await engine.Say("approve", "a.1.1");

        // The second of the same tool is approved with the first; the search waits, whatever the workflow says.
        Assert.Equal("a.1.3", (await engine.Snapshot()).Nodes["a"].Prompt!.PromptId);
        await engine.Say("approve", "a.1.3");
        for (var i = 0; i < 3; i++) (await tools.NextCall()).Return("ok");
        (await engine["a"].NextCall()).Send(Call("send", """{"n":3}""")).End(ChatFinishReason.ToolCalls);
        (await tools.NextCall()).Return("ok");
        (await engine["a"].NextCall()).End();
        await engine.End();
    }

    private static async Task Ask(EngineFixture engine)
    {
        await engine.Start(Sender);
        (await engine["a"].NextCall()).Send(Call("search", "{}")).Send(Call("send", """{"to":"all"}""")).End(ChatFinishReason.ToolCalls);
    }
}
