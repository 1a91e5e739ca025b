using System.Text.Json;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.AI;
using Xunit;
using static Gateway.Tests.Engine.PolicyFlow;

namespace Gateway.Tests.Engine;

/// <summary>Work that takes too long: the whole of it, its beginning, and its silences.</summary>
public sealed class TimeoutTests
{
    [Fact]
    public async Task A_model_that_does_not_begin_in_time_is_given_up_whatever_signs_of_life_there_are()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Quick(timeout: new TimeoutPolicy { FirstToken = "20s" }, fallback: "b"));
        var call = await engine["a"].NextCall();
        await call.Asked();
        engine.Time.Advance(TimeSpan.FromSeconds(19));
        call.Breathe();
        await call.Asked();
        Assert.Equal(0, engine["b"].Calls);
        engine.Time.Advance(TimeSpan.FromSeconds(2));
        (await engine["b"].NextCall()).Say("Tea").End();
        Assert.Equal("Tea", (await engine.End()).Output);
        await call.Over();
        var error = Assert.Single(engine.Published.Of("s").OfType<SessionEvent<ExecutionError>>()).Data;
        Assert.Equal((ErrorCode.NodeTimeout, "Model 'a' said nothing for 20 seconds, which is what the node's 'timeout' allows for its first word."), (error.Code, error.Error));
    }

    [Fact]
    public async Task A_model_that_does_not_get_done_with_being_cancelled_holds_nothing_up()
    {
        using var done = new ManualResetEventSlim();
        await using var engine = new EngineFixture();
        await engine.Start(Quick(timeout: new TimeoutPolicy { FirstToken = "20s" }, fallback: "b"));
        var call = await engine["a"].NextCall();
        call.IsStubborn = true;
        call.Cancelled = done.Wait;
        await call.Asked();
        engine.Time.Advance(TimeSpan.FromSeconds(21));
        (await engine["b"].NextCall()).Say("Tea").End();
        Assert.Equal("Tea", (await engine.End()).Output);
        done.Set();
        call.End();
    }

    [Fact]
    public async Task A_model_that_has_begun_may_take_its_time()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Quick(timeout: new TimeoutPolicy { FirstToken = "5s" }));
        var call = await engine["a"].NextCall();
        await call.Asked();
        call.Say("Te");
        await engine.Chunk("Te");
        await call.Asked();
        engine.Time.Advance(TimeSpan.FromSeconds(50));
        call.Say("a").End();
        Assert.Equal("Tea", (await engine.End()).Output);
    }

    [Fact]
    public async Task A_silence_in_mid_answer_is_too_long_for_the_node_and_not_for_its_model()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Quick(Retry(backoff: "0", restart: true), new TimeoutPolicy { Idle = "5s" }));
        var call = await engine["a"].NextCall();
        await call.Asked();
        engine.Time.Advance(TimeSpan.FromSeconds(30));
        call.Say("Te");
        await engine.Chunk("Te");
        await call.Asked();
        engine.Time.Advance(TimeSpan.FromSeconds(6));
        (await engine["a"].NextCall()).Say("Tea").End();
        Assert.Equal("Tea", (await engine.End()).Output);
        Assert.Contains("error a node_timeout", engine.Story());
    }

    [Fact]
    public async Task The_total_counts_what_was_consumed_and_stands_still_while_paused()
    {
        await using var engine = new EngineFixture(models: new GatedModels { IdleTimeout = TimeSpan.FromHours(1) });
        await engine.Start(Quick(timeout: new TimeoutPolicy { Total = "1m" }));
        var call = await engine["a"].NextCall();
        call.Say("Te");
        await engine.Chunk("Te");
        engine.Time.Advance(TimeSpan.FromSeconds(50));
        await engine.Pause();
        engine.Time.Advance(TimeSpan.FromHours(5));
        await engine.Resume();
        engine.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(SessionStatus.Running, (await engine.Snapshot()).Status);
        engine.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(SessionStatus.Failed, (await engine.End()).Status);
        await call.Over();
        Assert.Equal(["a usage", "error a node_timeout", "a failed", "end skipped", "session failed"], engine.Story().TakeLast(5));
        Assert.Equal("The node took longer than 60 seconds, which is what its 'timeout' allows.", (await engine.Snapshot()).Error);
    }

    [Fact]
    public void The_total_counts_on_after_a_crash_and_anew_with_each_retry()
    {
        var flow = new PolicyFlow(Quick(Retry(max: 1), new TimeoutPolicy { Total = "60s" }));
        flow.Decide(0, new EngineInput.Start());
        flow.Crash(40);
        flow.Decide(59, new EngineInput.TimePassed());
        Assert.EndsWith("running 2", flow.Story, StringComparison.Ordinal);
        flow.Decide(60.1, new EngineInput.TimePassed());
        Assert.EndsWith("running 2; running 3 retry waits retry 70", flow.Story, StringComparison.Ordinal);
        flow.Decide(71, new EngineInput.TimePassed());
        flow.Decide(130, new EngineInput.TimePassed());
        Assert.EndsWith("running 3", flow.Story, StringComparison.Ordinal);
        flow.Decide(132, new EngineInput.TimePassed());
        Assert.EndsWith("running 3; failed 3", flow.Story, StringComparison.Ordinal);
        Assert.Null(flow.State.NextDue);
    }

    [Fact]
    public void A_time_that_came_while_the_gateway_was_down_has_come()
    {
        var flow = new PolicyFlow(Quick(timeout: new TimeoutPolicy { Total = "1h" }));
        flow.Decide(0, new EngineInput.Start());
        flow.Crash(7200);
        flow.Decide(7200, new EngineInput.TimePassed());
        Assert.EndsWith("failed 2", flow.Story, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_time_for_which_a_person_is_asked_about_a_call_is_not_counted()
    {
        await using var engine = new EngineFixture(options: new SessionsOptions { IdleTimeout = TimeSpan.FromDays(1) });
        var workflow = Workflows.Definitions.Of("""{"id":"t","nodes":{"start":{"type":"start","next":"t"},"t":{"type":"tool","with":{"tool":"search","approval":"always"},"timeout":{"total":"30s"},"next":"end"},"end":{"type":"end"}}}""");
        await engine.Start(workflow);
        await engine.Status("t", NodeStatus.Suspended);
        engine.Time.Advance(TimeSpan.FromHours(3));
        await engine.Say("approve");
        var call = await engine.Tools.NextCall();
        engine.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(SessionStatus.Running, (await engine.Snapshot()).Status);
        engine.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(SessionStatus.Failed, (await engine.End()).Status);
        await call.Cancelled();
        Assert.Contains("error t node_timeout", engine.Story());
    }

    [Fact]
    public async Task A_loop_that_takes_too_long_is_cancelled_with_its_body()
    {
        var workflow = Workflows.Definitions.Of("""
            {"id":"l","agents":{"a":{"model":"a"}},"nodes":{"start":{"type":"start","next":"l"},"l":{"type":"loop","with":{"body":"a","max_rounds":9},"timeout":{"total":"50s"},"on_error":"continue","next":"end"},
             "a":{"type":"agent","agent":"a","next":"l"},"end":{"type":"end"}}}
            """);
        await using var engine = new EngineFixture();
        await engine.Start(workflow);
        (await engine["a"].NextCall()).Say("one").End();
        engine.Time.Advance(TimeSpan.FromSeconds(40));
        var second = await engine["a"].NextCall();
        await second.Asked();
        engine.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(SessionStatus.Completed, (await engine.End()).Status);
        await second.Over();
        Assert.Equal(["a cancelled", "error l node_timeout", "l failed"], engine.Story().SkipWhile(line => line != "a cancelled").Take(3));
    }

    [Fact]
    public async Task A_call_of_a_tool_that_comes_in_pieces_has_begun()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Quick(node => node with { Timeout = new TimeoutPolicy { FirstToken = "5s" }, With = JsonElement.Parse("""{"tools":["search"]}""") }));
        var call = await engine["a"].NextCall();
        await call.Asked();
        call.Send(new Gateway.Models.Network.AnswerBegun());
        await call.Asked();
        engine.Time.Advance(TimeSpan.FromSeconds(50));
        call.Send(new FunctionCallContent("1", "search", new Dictionary<string, object?>())).End(ChatFinishReason.ToolCalls);
        (await engine.Tools.NextCall()).Return("tea");
        (await engine["a"].NextCall()).Say("Tea").End();
        Assert.Equal("Tea", (await engine.End()).Output);
    }
}
