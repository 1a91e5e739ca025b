using System.Text.Json;
using Gateway.Contracts;
using Gateway.Refusals;
using Gateway.Tests.Infrastructure;
using Gateway.Tests.Workflows;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>Reviews with actions, schemas and assignees.</summary>
public sealed class ReviewTests
{
    private const string Approvals = """{"actions":["approve","reject",{"id":"edit","label":"Change it"},{"id":"ask","label":"Ask the boss"}]}""";
    private const string Form = """{"schema":{"type":"object","properties":{"score":{"type":"integer","maximum":10}},"required":["score"]}}""";

    [Theory]
    [InlineData("approve", null, null, "approve", "approve")]
    [InlineData(" Approve ", null, null, "approve", "approve")]
    [InlineData("reject: too long", null, null, "reject", "too long")]
    [InlineData("Ask the boss: today", null, null, "ask", "today")]
    [InlineData(null, "approve", null, "approve", "approve")]
    [InlineData("fine by me", "approve", null, "approve", "fine by me")]
    [InlineData("Change it: A better text.", null, null, "edit", "A better text.")]
    [InlineData(null, "edit", """{"a":1}""", "edit", """{"a":1}""")]
    public async Task An_answer_names_an_action_by_itself_or_in_words(string? content, string? action, string? data, string chosen, string words)
    {
        await using var engine = new EngineFixture();
        await engine.Start(Review(Approvals));
        var asked = ((SessionEvent<NodeStateChange>)await engine.Status("review", NodeStatus.Suspended)).Data.Prompt!;
        Assert.Equal(["approve", "reject", "edit", "ask"], asked.Actions!.Select(known => known.Id));
        Assert.Equal((true, null), (asked.Actions![2].NeedsInput, asked.Actions[0].NeedsInput));
        await Send(engine, new UserInput { Content = content, Action = action, Data = data is null ? null : JsonElement.Parse(data) }, "anna");

        Assert.Equal(words, (await engine.End()).Output);
        var said = engine.Published.Of("s").OfType<SessionEvent<TokenStream>>().Single().Data;
        Assert.Equal((words, chosen, "anna"), (said.Chunk, said.Answer!.Action, said.Answer.By));
        var result = (await engine.Snapshot()).Nodes["review"].Result!.Value;
        Assert.Equal((chosen, "anna"), (result.GetProperty("action").GetString(), result.GetProperty("by").GetString()));
        Assert.Equal(data, result.TryGetProperty("data", out var given) ? given.GetRawText() : null);
    }

    [Theory]
    [InlineData("perhaps", null, null, "is answered with one of 'approve', 'reject', 'edit', 'ask'")]
    [InlineData("approved", null, null, "is answered with one of")]
    [InlineData(null, "delete", null, "has no action 'delete'; its actions are 'approve', 'reject', 'edit', 'ask'.")]
    [InlineData(null, "edit", null, "The action 'edit' of prompt 'review' needs words")]
    [InlineData("edit:", null, null, "The action 'edit' of prompt 'review' needs words")]
    [InlineData("  ", null, null, "'content' is missing or blank")]
    public async Task An_answer_that_is_none_is_refused_and_the_prompt_stays_open(string? content, string? action, string? data, string reason)
    {
        await using var engine = new EngineFixture();
        await engine.Start(Review(Approvals));
        await engine.Status("review", NodeStatus.Suspended);
        var refusal = await Assert.ThrowsAsync<GatewayException>(() => Send(engine, new UserInput { Content = content, Action = action, Data = data is null ? null : JsonElement.Parse(data) }));

        Assert.Equal(ErrorCode.InvalidData, refusal.Code);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        await Send(engine, new UserInput { Action = "approve" });
        Assert.Equal("approve", (await engine.End()).Output);
    }

    [Fact]
    public async Task An_answer_fits_the_schema_as_data_and_as_text()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Review(Form));
        await engine.Status("review", NodeStatus.Suspended);
        foreach (var wrong in (UserInput[])[new() { Content = "seven" }, new() { Content = """{"score":11}""" }, new() { Data = JsonElement.Parse("""{"score":"7"}""") }, new() { Data = JsonElement.Parse(new string('[', 60) + new string(']', 60)) }])
        {
            Assert.Equal(ErrorCode.InvalidData, await EngineFixture.Refusal(() => Send(engine, wrong)));
        }

        var refusal = await Assert.ThrowsAsync<GatewayException>(() => Send(engine, new UserInput { Content = """{"score":11}""" }));
        Assert.Contains("does not fit its schema: /score:", refusal.Message, StringComparison.Ordinal);
        await Send(engine, new UserInput { Content = """{"score":7}""" });
        Assert.Equal("""{"score":7}""", (await engine.End()).Output);
        Assert.Equal("""{"data":{"score":7}}""", (await engine.Snapshot()).Nodes["review"].Result!.Value.GetRawText());
    }

    [Fact]
    public async Task What_was_chosen_decides_where_the_session_goes()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Definitions.Of($$$"""
            {"id":"t","nodes":{"start":{"type":"start","next":"review"},
              "review":{"type":"human_review","prompt":"Well?","with":{{{Approvals}}},"next":"way"},
              "way":{"type":"condition","with":{"when":[{"if":"nodes.review.json.action == 'approve'","next":"yes"}],"else":"no"} },
              "yes":{"type":"end","with":{"output":"Yes"}},"no":{"type":"end","with":{"output":"No, {{ nodes.review.text }}"} } } }
            """));
        await engine.Status("review", NodeStatus.Suspended);
        await engine.Say("reject: not now");

        Assert.Equal("No, not now", (await engine.End()).Output);
    }

    [Fact]
    public async Task Of_two_answers_the_first_wins_and_the_loser_is_told_also_while_the_session_stands_still()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Review(Approvals));
        await engine.Status("review", NodeStatus.Suspended);
        await engine.Pause();
        await Send(engine, new UserInput { PromptId = "review", Action = "reject", Content = "no" }, "ben");
        Assert.Equal(ErrorCode.PromptAnswered, await EngineFixture.Refusal(() => Send(engine, new UserInput { PromptId = "review", Action = "approve" }, "anna")));
        var held = Assert.Single((await engine.Snapshot()).HeldInputs);
        Assert.Equal(("no", "reject", "ben"), (held.Content, held.Answer!.Action, held.Answer.By));
        await engine.Resume();

        Assert.Equal("no", (await engine.End()).Output);
        Assert.Equal("""{"action":"reject","by":"ben"}""", (await engine.Snapshot()).Nodes["review"].Result!.Value.GetRawText());
    }

    [Fact]
    public async Task A_prompt_for_some_is_not_answered_by_others_whose_name_is_known()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Review("""{"assignees":["anna","ben"]}"""));
        Assert.Equal(["anna", "ben"], ((SessionEvent<NodeStateChange>)await engine.Status("review", NodeStatus.Suspended)).Data.Prompt!.Assignees);
        Assert.Equal(ErrorCode.NotAssigned, await EngineFixture.Refusal(() => Send(engine, new UserInput { Content = "yes" }, "carl")));
        await Send(engine, new UserInput { Content = "yes" }, "ben");

        Assert.Equal("yes", (await engine.End()).Output);
    }

    [Fact]
    public async Task An_action_without_a_prompt_is_refused()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Review("{}"));
        await engine.Status("review", NodeStatus.Suspended);
        Assert.Equal(ErrorCode.InvalidData, await EngineFixture.Refusal(() => Send(engine, new UserInput { Action = "approve" })));
        Assert.Equal(ErrorCode.InvalidData, await EngineFixture.Refusal(() => Send(engine, new UserInput { Action = "approve", Remark = true })));
        Assert.Equal(ErrorCode.UnknownPrompt, await EngineFixture.Refusal(() => Send(engine, new UserInput { Content = "hm", Action = "approve", Remark = true })));
    }

    [Fact]
    public async Task The_same_choice_again_does_not_answer_the_prompt_that_it_has_opened()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Definitions.Of($$"""
            {"id":"t","nodes":{"start":{"type":"start","next":"a"},"a":{"type":"human_review","prompt":"A?","with":{{Approvals}},"next":"b"},
              "b":{"type":"human_review","prompt":"B?","with":{{Approvals}},"next":"end"},"end":{"type":"end"} } }
            """));
        await engine.Status("a", NodeStatus.Suspended);
        await engine.Say("Reject: no");
        foreach (var again in (UserInput[])[new() { Content = "Reject: no" }, new() { Content = "no", Action = "reject" }])
        {
            Assert.Equal(ErrorCode.PromptAnswered, await EngineFixture.Refusal(() => Send(engine, again)));
        }

        await Send(engine, new UserInput { Action = "approve" });
        Assert.Equal("approve", (await engine.End()).Output);
    }

    private static Task<long> Send(EngineFixture engine, UserInput input, string? by = null) => Wait.For(engine.Host.SendAsync("s", input, by, CancellationToken.None), "the user's input");

    private static WorkflowDefinition Review(string with) => Definitions.Of($$"""
        {"id":"t","nodes":{"start":{"type":"start","next":"review"},"review":{"type":"human_review","prompt":"Well?","with":{{with}},"next":"end"},"end":{"type":"end"} } }
        """);
}
