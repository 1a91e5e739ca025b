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

    [Theory]
    [InlineData(" ")]
    [InlineData("\t\r\n")]
    public async Task Blank_words_answer_nothing(string blank)
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.ReviewBesideAgent);
        Assert.Equal(ErrorCode.InvalidData, await EngineFixture.Refusal(() => engine.Say(blank, promptId: "review")));
        Assert.Equal(ErrorCode.InvalidData, await EngineFixture.Refusal(() => engine.Say(blank)));
        Assert.Equal(NodeStatus.Suspended, (await engine.Snapshot()).Nodes["review"].Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_remark_is_no_approval(bool paused)
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.ReviewBesideAgent);
        if (paused) await engine.Pause();
        await engine.Remark("one moment");
        if (paused) await engine.Resume();
        var snapshot = await engine.Snapshot();
        Assert.Equal(["one moment"], snapshot.UserMessages);
        Assert.Equal((NodeStatus.Suspended, NodeStatus.Suspended), (snapshot.Nodes["review"].Status, snapshot.Nodes["second"].Status));
        Assert.Equal(ErrorCode.InvalidData, await EngineFixture.Refusal(() => engine.Host.SendAsync("s", new UserInput { Content = "x", PromptId = "review", Remark = true }, by: null, CancellationToken.None)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_second_press_answers_nothing_else(bool paused)
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Gates);
        if (paused) await engine.Pause();
        await engine.Say("yes");
        engine.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ErrorCode.PromptAnswered, await EngineFixture.Refusal(() => engine.Say("yes")));
        if (paused) await engine.Resume();
        var after = await engine.Snapshot();
        Assert.Equal((NodeStatus.Completed, NodeStatus.Suspended), (after.Nodes["first"].Status, after.Nodes["second"].Status));
        Assert.Empty(after.UserMessages);

        engine.Time.Advance(TimeSpan.FromSeconds(2));
        await engine.Say("yes");
        Assert.Equal(SessionStatus.Completed, (await engine.End()).Status);
    }

    [Fact]
    public async Task The_same_words_are_taken_at_once_where_they_name_the_prompt()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Gates);
        await engine.Say("yes", promptId: "first");
        Assert.Equal(ErrorCode.PromptAnswered, await EngineFixture.Refusal(() => engine.Say("yes", promptId: "first")));
        await engine.Say("yes", promptId: "second");
        await engine.End();
    }

    [Fact]
    public async Task The_prompt_that_waits_longest_is_the_same_after_a_restart()
    {
        var log = new FaultyLog();
        await using (var engine = new EngineFixture(log))
        {
            // The definition names `early` last, and it is asked first.
            await engine.Start(SampleWorkflows.Of(
                ("start", NodeType.Start, ["fork"]),
                ("fork", NodeType.Parallel, ["a", "early"]),
                ("a", NodeType.Agent, ["late"]),
                ("late", NodeType.HumanReview, ["end"]),
                ("early", NodeType.HumanReview, ["end"]),
                ("end", NodeType.End, [])));
            (await engine["a"].NextCall()).Say("done").End();
            await engine.Status("late", NodeStatus.Suspended);
            await engine.Pause();
            await engine.Resume();
        }

        await using var again = new EngineFixture(log);
        await again.Host.RecoverAsync(CancellationToken.None);
        await again.Say("one");
        Assert.Equal("one", (await again.Snapshot()).Nodes["early"].Text);
        await again.Say("two", promptId: "late");
        await again.End();
    }

    [Fact]
    public async Task An_agent_is_told_of_a_branch_that_failed()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Debate);
        (await engine["a"].NextCall()).Say("tea").End();
        (await engine["b"].NextCall()).Throw(new InvalidOperationException("secret"));
        var judge = await engine["judge"].NextCall();
        Assert.Equal("# Input\nTea or coffee?\n\n# Agent A\ntea\n\n# Agent B\n(Nothing: this part of the work failed.)", judge.Messages[^1].Text);
        judge.End();
        await engine.End();
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
