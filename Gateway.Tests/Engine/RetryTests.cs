using System.Text.Json;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Models;
using Gateway.Tests.Infrastructure;
using Gateway.Tools;
using Microsoft.Extensions.AI;
using Xunit;
using static Gateway.Tests.Engine.PolicyFlow;

namespace Gateway.Tests.Engine;

/// <summary>Work that failed is tried again: when, how often, and after which wait.</summary>
public sealed class RetryTests
{
    [Fact]
    public async Task A_model_that_fails_before_its_first_word_is_asked_again_after_the_wait()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Quick(Retry()));
        (await engine["a"].NextCall()).Throw(new InvalidOperationException());
        var second = await Attempt(engine, 2);
        Assert.Equal((AttemptCause.Retry, NodeWaitReason.Retry, Begin.AddSeconds(10)), (second.Cause, second.Wait!.Reason, second.Wait.Until));
        Assert.Equal(NodeWaitReason.Retry, (await engine.Snapshot()).Nodes["a"].Wait!.Reason);
        engine.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(SessionStatus.Running, (await engine.Snapshot()).Status);
        Assert.Equal(1, engine["a"].Calls);
        engine.Time.Advance(TimeSpan.FromSeconds(2));
        (await engine["a"].NextCall()).Say("Tea").End();
        Assert.Equal("Tea", (await engine.End()).Output);
        Assert.Equal(["a running", "error a model_error", "a running 2", "a running 2", "a: Tea", "a usage", "a completed 2"], engine.Story().Where(line => line.Contains("a ", StringComparison.Ordinal) || line.StartsWith("a:", StringComparison.Ordinal)).Where(line => line != "a pending"));
        Assert.Null((await engine.Snapshot()).Nodes["a"].Wait);
    }

    [Fact]
    public void The_wait_doubles_and_after_the_last_try_the_node_fails()
    {
        var flow = new PolicyFlow(Quick(Retry(max: 3)));
        flow.Decide(0, new EngineInput.Start());
        flow.Fail(1, 1);
        flow.Decide(11.1, new EngineInput.TimePassed());
        flow.Fail(12, 2);
        flow.Decide(33, new EngineInput.TimePassed());
        flow.Fail(34, 3);
        flow.Decide(75, new EngineInput.TimePassed());
        flow.Fail(76, 4);
        Assert.Equal("pending; running; running 2 retry waits retry 11; running 2; running 3 retry waits retry 32; running 3; running 4 retry waits retry 74; running 4; failed 4", flow.Story);
        Assert.Equal((SessionStatus.Failed, 4), (flow.State.Status, flow.Events.OfType<SessionEvent<ExecutionError>>().Count()));
    }

    [Fact]
    public async Task After_its_first_word_it_is_not_asked_again_unless_the_workflow_says_so()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Quick(Retry()), "plain");
        (await engine["a"].NextCall()).Say("Te").Throw(new InvalidOperationException());
        Assert.Equal(SessionStatus.Failed, (await engine.End("plain")).Status);

        await engine.Start(Quick(Retry(backoff: "0", restart: true)), "again");
        (await engine["a"].NextCall()).Say("Te").Throw(new InvalidOperationException());
        (await engine["a"].NextCall()).Say("Tea").End();
        Assert.Equal("Tea", (await engine.End("again")).Output);
        Assert.Contains("a usage", engine.Story("again").TakeWhile(line => line != "a running 2"));
    }

    [Fact]
    public async Task Reasoning_is_a_word_too()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Quick(Retry()));
        var call = await engine["a"].NextCall();
        call.Send(new TextReasoningContent("hm"));
        call.Throw(new InvalidOperationException());
        Assert.Equal(SessionStatus.Failed, (await engine.End()).Status);
    }

    [Fact]
    public async Task A_refusal_that_stays_is_not_tried_again()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Quick(Retry()));
        (await engine["a"].NextCall()).Throw(new ModelException("Check the key.") { MayPass = false });
        Assert.Equal(SessionStatus.Failed, (await engine.End()).Status);
        Assert.Equal(1, engine["a"].Calls);
    }

    [Theory]
    [InlineData(30, "running 2 retry waits retry 30")]
    [InlineData(3, "running 2 retry waits retry 10")]
    [InlineData(3601, "failed")]
    public void What_the_provider_asks_for_is_waited_for_and_who_asks_for_too_much_is_given_up(int seconds, string expected)
    {
        var flow = new PolicyFlow(Quick(Retry()));
        flow.Decide(0, new EngineInput.Start());
        flow.Decide(0, new EngineInput.WorkFailed("a", 1, ErrorCode.ModelError, "busy") { RetryAfter = TimeSpan.FromSeconds(seconds) });
        Assert.EndsWith(expected, flow.Story, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ErrorCode.ModelTimeout, true)]
    [InlineData(ErrorCode.ModelError, false)]
    [InlineData(ErrorCode.TemplateFailed, false)]
    public void Only_the_failures_that_are_named_are_tried_again(string code, bool isTried)
    {
        var flow = new PolicyFlow(Quick(Retry(on: [ErrorCode.ModelTimeout, ErrorCode.NodeTimeout])));
        flow.Decide(0, new EngineInput.Start());
        flow.Fail(0, 1, code);
        Assert.Equal(isTried, flow.State["a"].Attempt == 2);
    }

    [Fact]
    public void Nodes_do_not_all_try_again_at_the_same_moment()
    {
        var waits = Enumerable.Range(0, 20).Select(number =>
        {
            var workflow = Quick(new RetryPolicy { Backoff = "100s", Jitter = 0.5 });
            var state = new SessionState(Play.HeaderOf(workflow) with { SessionId = $"s{number}" }, OwnKinds.TestKinds.All);
            foreach (var input in new EngineInput[] { new EngineInput.Start(), new EngineInput.WorkFailed("a", 1, ErrorCode.ModelError, "failed") }) Scheduler.Decide(new EventBatch(state, Begin), input);
            return (state["a"].Wait!.Until!.Value - Begin).TotalSeconds;
        }).ToList();
        Assert.All(waits, wait => Assert.InRange(wait, 50, 150));
        Assert.True(waits.Distinct().Count() > 15);
        Assert.True(waits.Max() - waits.Min() > 30);
    }

    [Fact]
    public async Task A_pause_holds_the_wait_and_the_resume_tells_what_is_left_of_it()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Quick(Retry()));
        (await engine["a"].NextCall()).Throw(new InvalidOperationException());
        await Attempt(engine, 2);
        engine.Time.Advance(TimeSpan.FromSeconds(4));
        await engine.Pause();
        engine.Time.Advance(TimeSpan.FromHours(1));
        await engine.Resume();
        var rest = (await engine.Snapshot()).Nodes["a"].Wait!.Until!.Value - engine.Time.GetUtcNow().UtcDateTime;
        Assert.InRange(rest, TimeSpan.FromSeconds(5.99), TimeSpan.FromSeconds(6.01));
        engine.Time.Advance(TimeSpan.FromSeconds(5));
        await engine.Snapshot();
        Assert.Equal(1, engine["a"].Calls);
        engine.Time.Advance(TimeSpan.FromSeconds(2));
        (await engine["a"].NextCall()).Say("Tea").End();
        Assert.Equal("Tea", (await engine.End()).Output);
        Assert.Equal(2, (await engine.Snapshot()).Nodes["a"].Attempt);
    }

    [Fact]
    public void A_crash_during_the_wait_neither_shortens_it_nor_costs_an_attempt()
    {
        var flow = new PolicyFlow(Quick(Retry(max: 1)));
        flow.Decide(0, new EngineInput.Start());
        flow.Fail(0, 1);
        flow.Crash(5);
        flow.Decide(9, new EngineInput.TimePassed());
        Assert.Equal("pending; running; running 2 retry waits retry 10", flow.Story);
        flow.Crash(11);
        flow.Decide(11, new EngineInput.TimePassed());
        Assert.EndsWith("waits retry 10; running 2", flow.Story, StringComparison.Ordinal);
        flow.Crash(12);
        Assert.EndsWith("; running 2; running 3", flow.Story, StringComparison.Ordinal);
        flow.Fail(13, 3);
        Assert.Equal(SessionStatus.Failed, flow.State.Status);
    }

    [Fact]
    public async Task A_shutdown_during_the_wait_and_a_new_start_go_on_with_it()
    {
        var log = new FaultyLog();
        await using (var before = new EngineFixture(log))
        {
            await before.Start(Quick(Retry()));
            (await before["a"].NextCall()).Throw(new InvalidOperationException());
            await Attempt(before, 2);
            before.Time.Advance(TimeSpan.FromSeconds(4));
        }

        await using var after = new EngineFixture(log);
        after.Time.Advance(TimeSpan.FromHours(2));
        await after.Host.RecoverAsync(CancellationToken.None);
        await after.Snapshot();
        Assert.Equal(0, after["a"].Calls);
        after.Time.Advance(TimeSpan.FromSeconds(5));
        await after.Snapshot();
        Assert.Equal(0, after["a"].Calls);
        after.Time.Advance(TimeSpan.FromSeconds(2));
        (await after["a"].NextCall()).Say("Tea").End();
        Assert.Equal("Tea", (await after.End()).Output);
        Assert.Equal(2, (await after.Snapshot()).Nodes["a"].Attempt);
    }

    [Fact]
    public async Task Retries_cost_no_repairs_and_what_was_rejected_stays_rejected()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Quick(node => node with { Retry = Retry(backoff: "0"), With = JsonElement.Parse("""{"output":"json"}""") }));
        (await engine["a"].NextCall()).Throw(new InvalidOperationException());
        (await engine["a"].NextCall()).Say("no JSON").End();
        var repaired = await engine["a"].NextCall();
        Assert.Equal("no JSON", repaired.Messages[^2].Text);
        repaired.Throw(new InvalidOperationException());
        var last = await engine["a"].NextCall();
        Assert.Equal(repaired.Messages.Select(message => message.Text), last.Messages.Select(message => message.Text));
        last.Say("{}").End();
        Assert.Equal("{}", (await engine.End()).Output);
        Assert.Equal(4, (await engine.Snapshot()).Nodes["a"].Attempt);
    }

    [Fact]
    public async Task A_tool_that_fails_is_called_again_with_the_same_key()
    {
        var workflow = Workflows.Definitions.Of("""{"id":"t","nodes":{"start":{"type":"start","next":"t"},"t":{"type":"tool","with":{"tool":"search"},"retry":{"max":1,"backoff":"10s","jitter":0},"next":"end"},"end":{"type":"end"}}}""");
        await using var engine = new EngineFixture();
        await engine.Start(workflow);
        var first = await engine.Tools.NextCall();
        first.Throw(new ToolException("Busy."));
        await Attempt(engine, 2, "t");
        engine.Time.Advance(TimeSpan.FromSeconds(11));
        var second = await engine.Tools.NextCall();
        Assert.Equal(first.Key, second.Key);
        Assert.Equal((1, 2), (first.Invocation.Context.Attempt, second.Invocation.Context.Attempt));
        second.Return("found");
        Assert.Equal("found", (await engine.End()).Output);
    }

    [Fact]
    public async Task After_calls_of_tools_what_was_said_before_them_does_not_keep_it_from_trying_again()
    {
        await using var engine = new EngineFixture();
        var workflow = Quick(node => node with { Retry = Retry(backoff: "0"), With = JsonElement.Parse("""{"tools":["search"]}""") });
        await engine.Start(workflow);
        var first = (await engine["a"].NextCall()).Say("Let me see.");
        first.Send(new FunctionCallContent("1", "search", new Dictionary<string, object?>()));
        first.End(ChatFinishReason.ToolCalls);
        (await engine.Tools.NextCall()).Return("tea");
        (await engine["a"].NextCall()).Throw(new InvalidOperationException());
        var again = await engine["a"].NextCall();
        Assert.Equal(ChatRole.Tool, again.Messages[^1].Role);
        again.Say("Tea").End();
        Assert.Equal("Tea", (await engine.End()).Output);
        Assert.Equal(1, engine.Tools.Calls);
    }

    [Fact]
    public void A_retry_is_no_interruption()
    {
        var flow = new PolicyFlow(Quick(Retry(max: 5, backoff: "0")));
        flow.Decide(0, new EngineInput.Start());
        for (var attempt = 1; attempt <= 5; attempt++) flow.Fail(attempt, attempt);
        Assert.Equal((6, 0), (flow.State["a"].Attempt, flow.State.Interruptions));
    }

    private static async Task<NodeStateChange> Attempt(EngineFixture engine, int attempt, string nodeId = "a") =>
        ((SessionEvent<NodeStateChange>)await engine.Published.Seen(e => e is SessionEvent<NodeStateChange> { Data: var data } && data.NodeId == nodeId && data.Attempt == attempt, $"attempt {attempt} of {nodeId}")).Data;
}
