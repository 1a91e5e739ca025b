using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Infrastructure;
using Gateway.Tests.Workflows;
using Gateway.Workflows;
using Microsoft.Extensions.AI;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>How many nodes of a session run at once, and who begins next.</summary>
public sealed class MaxParallelTests
{
    private static readonly WorkflowDefinition Wide = SampleWorkflows.Of(
        ("start", NodeType.Start, ["fork"]),
        ("fork", NodeType.Parallel, ["a", "b", "c", "d"]),
        ("a", NodeType.Agent, ["e"]),
        ("b", NodeType.Agent, ["end"]),
        ("c", NodeType.Agent, ["end"]),
        ("d", NodeType.Agent, ["end"]),
        ("e", NodeType.Agent, ["end"]),
        ("end", NodeType.End, [])) with
    { MaxParallel = 2 };

    [Fact]
    public async Task No_more_nodes_run_than_may_and_the_longest_waiting_begins_first()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Wide);
        var a = await engine["a"].NextCall();
        var b = await engine["b"].NextCall();
        Assert.Equal([NodeStatus.Running, NodeStatus.Running, NodeStatus.Pending, NodeStatus.Pending], (await engine.Snapshot()).Nodes.Where(node => "abcd".Contains(node.Key, StringComparison.Ordinal)).OrderBy(node => node.Key).Select(node => node.Value.Status));
        a.End();
        var c = await engine["c"].NextCall();
        b.End();
        var d = await engine["d"].NextCall();
        Assert.Equal(0, engine["e"].Calls);
        c.End();
        (await engine["e"].NextCall()).End();
        d.End();
        Assert.Equal(SessionStatus.Completed, (await engine.End()).Status);
        Assert.Equal(["a", "b", "c", "d", "e"], engine.Story().Where(line => line.Length > 8 && line[1..] == " running").Select(line => line[..1]));
    }

    [Fact]
    public void After_a_crash_the_same_ones_wait_and_begin_in_the_same_order()
    {
        var flow = new PolicyFlow(Wide);
        flow.Decide(0, new EngineInput.Start());
        flow.Decide(1, new EngineInput.WorkFinished("a", 1));
        flow.Crash(2);
        Assert.Equal("b 2, c 2", Running(flow));
        flow.Decide(3, new EngineInput.WorkFinished("c", 2));
        flow.Crash(4);
        Assert.Equal("b 3, d 2", Running(flow));
        flow.Decide(5, new EngineInput.WorkFinished("d", 2));
        Assert.Equal("b 3, e 1", Running(flow));
    }

    [Fact]
    public void A_node_between_two_tries_keeps_its_place()
    {
        var flow = new PolicyFlow(Wide with { MaxParallel = 1, Defaults = new WorkflowDefaults { Retry = PolicyFlow.Retry() } });
        flow.Decide(0, new EngineInput.Start());
        flow.Fail(1, 1);
        Assert.Equal("a 2", Running(flow));
        flow.Decide(20, new EngineInput.TimePassed());
        flow.Decide(21, new EngineInput.WorkFinished("a", 2));
        Assert.Equal("b 1", Running(flow));
    }

    [Fact]
    public async Task A_node_that_waits_for_a_person_lends_its_place()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Definitions.Of("""
            {"id":"t","max_parallel":1,"agents":{"a":{"model":"a"}},"nodes":{"start":{"type":"start","next":"fork"},"fork":{"type":"parallel","next":["t","a"]},
             "t":{"type":"tool","with":{"tool":"search","approval":"always"},"next":"end"},"a":{"type":"agent","agent":"a","next":"end"},"end":{"type":"end"}}}
            """));
        var call = await engine["a"].NextCall();
        await engine.Say("approve");
        Assert.Equal(0, engine.Tools.Calls);
        call.End();
        (await engine.Tools.NextCall()).Return("found");
        Assert.Equal(SessionStatus.Completed, (await engine.End()).Status);
    }

    [Fact]
    public async Task An_agent_that_waits_for_the_approval_of_a_tool_lends_its_place()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Definitions.Of("""
            {"id":"t","max_parallel":1,"agents":{"a":{"model":"a","tools":["send"],"approval":{"send":"always"}},"b":{"model":"b"}},"nodes":{"start":{"type":"start","next":"fork"},"fork":{"type":"parallel","next":["a","b"]},
             "a":{"type":"agent","agent":"a","next":"end"},"b":{"type":"agent","agent":"b","next":"end"},"end":{"type":"end"}}}
            """));
        var first = await engine["a"].NextCall();
        Assert.Equal(0, engine["b"].Calls);
        first.Send(ToolTests.Call("send", "{}")).End(ChatFinishReason.ToolCalls);
        await engine.Status("a", NodeStatus.Suspended);
        (await engine["b"].NextCall()).Say("meanwhile").End();
        await engine.Say("approve");
        (await engine.Tools.NextCall()).Return("sent");
        (await engine["a"].NextCall()).Say("done").End();
        Assert.Equal(SessionStatus.Completed, (await engine.End()).Status);
    }

    [Fact]
    public void A_child_workflow_has_a_bound_of_its_own_within_that_of_the_session()
    {
        var child = Wide with { Id = "child", MaxParallel = 1 };
        var parent = Definitions.Of("""
            {"id":"p","max_parallel":3,"agents":{"a":{}},"nodes":{"start":{"type":"start","next":"fork"},"fork":{"type":"parallel","next":["one","two","x","y"]},
             "one":{"type":"workflow","with":{"workflow":"child"},"next":"end"},"two":{"type":"workflow","with":{"workflow":"child"},"next":"end"},
             "x":{"type":"agent","agent":"a","next":"end"},"y":{"type":"agent","agent":"a","next":"end"},"end":{"type":"end"}}}
            """);
        var (whole, problems) = ChildWorkflows.PutIn(parent, TestKinds.All.Shapes, ["child"], _ => child, "p");
        Assert.Empty(problems);
        var flow = new PolicyFlow(whole);
        flow.Decide(0, new EngineInput.Start());
        Assert.Equal("x 1, y 1, one/a 1", string.Join(", ", Running(flow).Split(", ").OrderBy(node => node.Length)));
        flow.Decide(1, new EngineInput.WorkFinished("x", 1));
        Assert.Equal("one/a 1, two/a 1, y 1", string.Join(", ", Running(flow).Split(", ").Order(StringComparer.Ordinal)));
        flow.Decide(2, new EngineInput.WorkFinished("y", 1));
        Assert.Equal("one/a 1, two/a 1", string.Join(", ", Running(flow).Split(", ").Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void What_is_over_at_once_takes_no_place()
    {
        var flow = new PolicyFlow(Wide with { MaxParallel = 1, Nodes = Wide.Nodes!.ToDictionary(node => node.Key, node => node.Key is "a" or "b" ? node.Value with { When = "1 > 2" } : node.Value) });
        flow.Decide(0, new EngineInput.Start());
        Assert.Equal("c 1", Running(flow));
        Assert.Equal([NodeStatus.Skipped, NodeStatus.Skipped, NodeStatus.Skipped], new[] { "a", "b", "e" }.Select(id => flow.State[id].Status));
    }

    private static string Running(PolicyFlow flow) => string.Join(", ", flow.State.Nodes.Where(node => node.Status == NodeStatus.Running && node.Node.Works).Select(node => $"{node.Id} {node.Attempt}"));
}
