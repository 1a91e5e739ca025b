using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.AI;
using Xunit;
using static Gateway.Tests.Engine.PolicyFlow;

namespace Gateway.Tests.Engine;

/// <summary>Another model is asked where one has failed before its first word.</summary>
public sealed class FallbackTests
{
    [Fact]
    public async Task The_next_model_is_asked_in_a_new_attempt_that_names_it()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Quick(fallback: ["b", "c"]));
        (await engine["a"].NextCall()).Throw(new InvalidOperationException());
        (await engine["b"].NextCall()).Throw(new InvalidOperationException());
        (await engine["c"].NextCall()).Say("Tea").End();
        Assert.Equal("Tea", (await engine.End()).Output);
        Assert.Equal(["running", "running 2 fallback b", "running 3 fallback c", "completed 3"], Changes(engine));
        Assert.Equal("c", (await engine.Snapshot()).Nodes["a"].Model);
        Assert.Equal("c", Assert.Single(engine.Published.Of("s").OfType<SessionEvent<TokenUsage>>()).Data.Model);
    }

    [Fact]
    public async Task The_last_models_failure_is_that_of_the_node()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Quick(fallback: ["missing"]));
        (await engine["a"].NextCall()).Throw(new InvalidOperationException());
        Assert.Equal(SessionStatus.Failed, (await engine.End()).Status);
        Assert.Equal(ErrorCode.ModelNotConfigured, (await engine.Snapshot()).ErrorCode);
    }

    [Fact]
    public async Task A_model_that_is_no_longer_configured_is_passed_over()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Quick(node => node with { Fallback = ["missing", "b"] }));
        (await engine["a"].NextCall()).Throw(new InvalidOperationException());
        (await engine["b"].NextCall()).Say("Tea").End();
        Assert.Equal("Tea", (await engine.End()).Output);
    }

    [Fact]
    public async Task After_the_first_word_no_other_model_is_asked()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Quick(fallback: ["b"]));
        (await engine["a"].NextCall()).Say("Te").Throw(new InvalidOperationException());
        Assert.Equal(SessionStatus.Failed, (await engine.End()).Status);
        Assert.Equal(0, engine["b"].Calls);
    }

    [Fact]
    public async Task Each_model_is_tried_again_as_often_as_the_node_says_before_the_next_is_asked()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Quick(Retry(max: 1, backoff: "0"), null, "b"));
        (await engine["a"].NextCall()).Throw(new InvalidOperationException());
        (await engine["a"].NextCall()).Throw(new InvalidOperationException());
        (await engine["b"].NextCall()).Throw(new InvalidOperationException());
        (await engine["b"].NextCall()).Say("Tea").End();
        Assert.Equal("Tea", (await engine.End()).Output);
        Assert.Equal(["running", "running 2 retry", "running 3 fallback b", "running 4 retry b", "completed 4"], Changes(engine));
    }

    [Fact]
    public async Task Each_call_costs_what_its_own_model_costs()
    {
        await using var engine = new EngineFixture(models: new GatedModels { IdleTimeout = TimeSpan.FromMinutes(1), Prices = { ["b"] = (100m, 1000m) } });
        await engine.Start(Quick(Retry(max: 0, restart: true), null, "b"));
        var dear = (await engine["a"].NextCall()).Say("Te");
        dear.Send(new UsageContent(new UsageDetails { InputTokenCount = 1000, OutputTokenCount = 10 }));
        dear.Throw(new InvalidOperationException());
        var dearer = (await engine["b"].NextCall()).Say("Tea");
        dearer.Send(new UsageContent(new UsageDetails { InputTokenCount = 1000, OutputTokenCount = 10 }));
        dearer.End();
        Assert.Equal((1000m + 100 + 100_000 + 10_000) / 1_000_000, (await engine.End()).Totals.EstimatedCostUsd);
        Assert.Equal([null, "b"], engine.Published.Of("s").OfType<SessionEvent<TokenUsage>>().Select(usage => usage.Data.Model));
    }

    [Fact]
    public void A_crash_goes_on_with_the_model_that_was_asked()
    {
        var flow = new PolicyFlow(Quick(Retry(max: 1), null, "b", "c"));
        flow.Decide(0, new EngineInput.Start());
        flow.Fail(0, 1);
        flow.Decide(11, new EngineInput.TimePassed());
        flow.Fail(12, 2);
        flow.Crash(13);
        Assert.EndsWith("running 3 fallback b; running 4 b", flow.Story, StringComparison.Ordinal);
        flow.Fail(14, 4);
        flow.Crash(15);
        flow.Decide(30, new EngineInput.TimePassed());
        flow.Fail(31, 5);
        Assert.EndsWith("running 5 retry b waits retry 24; running 5 b; running 6 fallback c", flow.Story, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_the_next_round_of_a_loop_the_agents_own_model_is_asked_first()
    {
        var workflow = Workflows.Definitions.Of("""
            {"id":"l","agents":{"a":{"model":"a"}},"nodes":{"start":{"type":"start","next":"l"},"l":{"type":"loop","with":{"body":"a","max_rounds":2},"next":"end"},
             "a":{"type":"agent","agent":"a","fallback":"b","next":"l"},"end":{"type":"end"}}}
            """);
        await using var engine = new EngineFixture();
        await engine.Start(workflow);
        (await engine["a"].NextCall()).Throw(new InvalidOperationException());
        (await engine["b"].NextCall()).Say("one").End();
        (await engine["a"].NextCall()).Say("two").End();
        Assert.Equal("two", (await engine.End()).Output);
        Assert.Null((await engine.Snapshot()).Nodes["a"].Model);
    }

    private static IEnumerable<string> Changes(EngineFixture engine) =>
        engine.Published.Of("s").OfType<SessionEvent<NodeStateChange>>().Where(e => e.Data.NodeId == "a" && e.Data.Status != NodeStatus.Pending).Select(e => Short(e.Data));
}
