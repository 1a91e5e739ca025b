using Gateway.Contracts;
using Gateway.Tests.Engine;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Infrastructure;
using Gateway.Workflows;
using Xunit;

namespace Gateway.Tests.Workflows;

/// <summary>What a workflow says once for all of its agents and nodes.</summary>
public sealed class DefaultsTests
{
    private static readonly WorkflowDefinition Flow = Definitions.Of("""
        {"id":"f",
         "defaults":{"model":"b","temperature":0.3,"max_output_tokens":50,"max_tool_rounds":2,"on_error":"continue","retry":{"max":1,"backoff":"2s"},"timeout":{"total":"1m","first_token":"20s","idle":"5s"},"fallback":"c"},
         "agents":{"a":{},"own":{"model":"m","temperature":1}},
         "nodes":{"start":{"type":"start","next":"x"},
           "x":{"type":"agent","agent":"a","next":"y"},
           "y":{"type":"agent","agent":"own","on_error":"fail","retry":{"backoff":"9s"},"timeout":{"idle":"7s"},"fallback":["d","e"],"next":"t"},
           "t":{"type":"tool","with":{"tool":"now"},"next":"l"},
           "l":{"type":"loop","with":{"body":"z"},"next":"end"},
           "z":{"type":"agent","agent":"a","next":"l"},
           "end":{"type":"end"}}}
        """);

    private static readonly WorkflowDefinition Resolved = Defaults.PutInto(Flow, TestKinds.All.Shapes);

    [Fact]
    public void What_an_agent_does_not_say_is_said_by_the_defaults()
    {
        Assert.Equal(new AgentDefinition { Model = "b", Temperature = 0.3, MaxOutputTokens = 50, MaxToolRounds = 2 }, Resolved.Agents!["a"]);
        Assert.Equal(new AgentDefinition { Model = "m", Temperature = 1, MaxOutputTokens = 50, MaxToolRounds = 2 }, Resolved.Agents["own"]);
    }

    [Fact]
    public void What_a_node_does_not_say_is_said_by_the_defaults_member_by_member()
    {
        var (x, y) = (Resolved.Nodes!["x"], Resolved.Nodes["y"]);
        Assert.Equal((new RetryPolicy { Max = 1, Backoff = "2s" }, new TimeoutPolicy { Total = "1m", FirstToken = "20s", Idle = "5s" }, "continue"), (x.Retry, x.Timeout, x.OnError));
        Assert.Equal(["c"], x.Fallback);
        Assert.Equal((new RetryPolicy { Max = 1, Backoff = "9s" }, new TimeoutPolicy { Total = "1m", FirstToken = "20s", Idle = "7s" }, "fail"), (y.Retry, y.Timeout, y.OnError));
        Assert.Equal(["d", "e"], y.Fallback);
    }

    [Fact]
    public void A_node_gets_only_what_its_type_takes()
    {
        var (tool, loop, start) = (Resolved.Nodes!["t"], Resolved.Nodes["l"], Resolved.Nodes["start"]);
        Assert.Equal((new RetryPolicy { Max = 1, Backoff = "2s" }, new TimeoutPolicy { Total = "1m" }, null), (tool.Retry, tool.Timeout, tool.Fallback));
        Assert.Equal((null, null, null, "continue"), (loop.Retry, loop.Timeout, loop.Fallback, loop.OnError));
        Assert.Equal((null, null), (start.Retry, start.OnError));
        Assert.Empty(TestKinds.Validator.Validate(Resolved));
    }

    [Fact]
    public void A_child_workflow_has_its_own_and_none_of_those_around_it()
    {
        var parent = Definitions.Of("""{"id":"p","defaults":{"model":"outer","retry":{"max":5}},"agents":{"a":{}},"nodes":{"start":{"type":"start","next":"w"},"w":{"type":"workflow","with":{"workflow":"f"},"next":"x"},"x":{"type":"agent","agent":"a","next":"end"},"end":{"type":"end"}}}""");
        var (whole, problems) = ChildWorkflows.PutIn(parent, TestKinds.All.Shapes, ["f"], _ => Flow, "p");
        Assert.Empty(problems);
        var all = Defaults.PutInto(whole, TestKinds.All.Shapes);
        Assert.Equal(("outer", "b", "m"), (all.Agents!["a"].Model, all.Agents["w/a"].Model, all.Agents["w/own"].Model));
        Assert.Equal((5, 1), (all.Nodes!["x"].Retry!.Max, all.Nodes["w/x"].Retry!.Max));
        Assert.Null(Defaults.PutInto(ChildWorkflows.PutIn(parent, TestKinds.All.Shapes, ["f"], _ => Flow with { Defaults = null }, "p").Workflow, TestKinds.All.Shapes).Nodes!["w/x"].Retry);
    }

    [Fact]
    public async Task A_session_runs_with_them_and_shows_the_workflow_as_it_was_written()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Quick with { Agents = new Dictionary<string, AgentDefinition> { ["a"] = new() }, Defaults = new WorkflowDefaults { Model = "b", Temperature = 0.25, Retry = PolicyFlow.Retry(backoff: "0"), Fallback = ["c"] } });
        (await engine["b"].NextCall()).Throw(new InvalidOperationException());
        (await engine["b"].NextCall()).Throw(new InvalidOperationException());
        (await engine["b"].NextCall()).Throw(new InvalidOperationException());
        var call = await engine["c"].NextCall();
        Assert.Equal(0.25f, call.Options!.Temperature);
        call.Say("Tea").End();
        Assert.Equal("Tea", (await engine.End()).Output);
        Assert.Equal("b", (await engine.Log.FindAsync("s", CancellationToken.None))!.Header.Workflow.Defaults!.Model);
    }
}
