using Gateway.Contracts;
using Gateway.Refusals;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>Prompts, answers, and what users say besides.</summary>
public class ConversationTests
{
    [Fact]
    public async Task A_review_waits_and_goes_on_with_the_answer()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Reviewed);
        (await engine["a"].NextCall()).Say("draft").End();
        var suspended = (SessionEvent<NodeStateChange>)await engine.Status("review", NodeStatus.Suspended);
        Assert.Equal(new Prompt { PromptId = "review", Text = "Good?" }, suspended.Data.Prompt);
        await engine.Say("shorter", promptId: "review");
        var b = await engine["b"].NextCall();
        b.Say("final").End();
        await engine.End();

        Assert.Equal("# Input\nTea or coffee?\n\n# Agent A\ndraft\n\n# User, asked: Good?\nshorter", b.Messages[^1].Text);
        Assert.Equal(
            ["review running", "review suspended", "paused awaiting_input", "review running", "review: shorter", "review completed", "b running"],
            engine.Story().SkipWhile(e => e != "review running").Take(7));
    }

    [Fact]
    public async Task The_first_answer_wins()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Reviewed);
        (await engine["a"].NextCall()).End();
        await engine.Status("review", NodeStatus.Suspended);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(n => Task.Run(async () =>
        {
            try
            {
                await engine.Say($"{n}", promptId: "review");
                return "won";
            }
            catch (GatewayException refusal)
            {
                Assert.Contains("first answer won", refusal.Message, StringComparison.Ordinal);
                return refusal.Code;
            }
        })));
        Assert.Single(answers, "won");
        Assert.Equal(9, answers.Count(a => a == ErrorCode.PromptAnswered));
        Assert.Equal(ErrorCode.PromptAnswered, await EngineFixture.Refusal(() => engine.Say("late", nodeId: "review")));
    }

    [Fact]
    public async Task A_prompt_that_is_not_open_is_unknown()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Reviewed);
        Assert.Equal(ErrorCode.UnknownPrompt, await EngineFixture.Refusal(() => engine.Say("x", promptId: "review")));
        Assert.Equal(ErrorCode.UnknownPrompt, await EngineFixture.Refusal(() => engine.Say("x", promptId: "nope")));
        Assert.Equal(ErrorCode.UnknownPrompt, await EngineFixture.Refusal(() => engine.Say("x", nodeId: "a")));
    }

    [Fact]
    public async Task An_answer_without_a_name_goes_to_the_prompt_that_waits_longest()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.ReviewBesideAgent);
        await engine.Say("one");
        await engine.Say("two");
        await engine.Say("three");
        var snapshot = await engine.Snapshot();
        Assert.Equal(("one", "two"), (snapshot.Nodes["review"].Text, snapshot.Nodes["second"].Text));
        Assert.Equal(["three"], snapshot.UserMessages);
    }

    [Fact]
    public async Task A_prompt_of_another_node_than_the_one_named_is_told_so()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.ReviewBesideAgent);

        var refusal = await Assert.ThrowsAsync<GatewayException>(() => engine.Say("x", promptId: "review", nodeId: "second"));
        var other = await Assert.ThrowsAsync<GatewayException>(() => engine.Say("x", promptId: "none"));
        Assert.Equal("Prompt 'none' is not open in session 's'; open are 'review', 'second'. Without 'prompt_id' and 'node_id' the first of them is answered.", other.Message);
        Assert.Equal("Prompt 'review' is asked by node 'review', not by 'second'; leave 'node_id' out, or give that one.", refusal.Message);
    }

    [Fact]
    public async Task Words_to_the_session_reach_every_agent_that_starts_afterwards()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Debate);
        var a = await engine["a"].NextCall();
        var b = await engine["b"].NextCall();
        await engine.Say("think of water");
        a.Say("tea").End();
        b.Say("coffee").End();
        var judge = await engine["judge"].NextCall();
        Assert.EndsWith("# User\nthink of water", judge.Messages[^1].Text, StringComparison.Ordinal);
        Assert.DoesNotContain(a.Messages, m => m.Text.Contains("water", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Words_during_a_pause_are_held_and_join_at_resume()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Quick);
        await engine.Pause();
        await engine.Say("hello");
        Assert.Equal("hello", Assert.Single((await engine.Snapshot()).HeldInputs).Content);
        await engine.Resume();
        Assert.Equal(["paused user_requested", "paused user_requested holds hello", "a running", "user: hello"], engine.Story().TakeLast(4));
        var after = await engine.Snapshot();
        Assert.Empty(after.HeldInputs);
        Assert.Equal(["hello"], after.UserMessages);
    }

    [Fact]
    public async Task The_first_held_answer_wins_and_completes_its_prompt_at_resume()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Reviewed);
        (await engine["a"].NextCall()).End();
        await engine.Published.Seen(e => e is SessionEvent<ExecutionPaused>, "the wait for an answer");
        await engine.Pause();
        await engine.Say("yes");
        Assert.Equal(ErrorCode.PromptAnswered, await EngineFixture.Refusal(() => engine.Say("no", promptId: "review")));
        await engine.Resume();
        Assert.Equal(
            ["paused awaiting_input", "paused user_requested", "paused user_requested holds yes", "review running", "review: yes", "review completed", "b running"],
            engine.Story().TakeLast(7));
    }

    [Fact]
    public async Task Resume_with_only_a_prompt_open_asks_again()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Reviewed);
        (await engine["a"].NextCall()).End();
        await engine.Published.Seen(e => e is SessionEvent<ExecutionPaused>, "the wait for an answer");
        await engine.Pause();
        await engine.Resume();
        Assert.Equal(["paused user_requested", "review running", "review suspended", "paused awaiting_input"], engine.Story().TakeLast(4));
        Assert.Equal("review", (await engine.Snapshot()).Nodes["review"].Prompt!.PromptId);
        await engine.Resume();
        Assert.Equal("paused awaiting_input", engine.Story()[^1]);
    }
}
