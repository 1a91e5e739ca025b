using Gateway.Contracts;
using Gateway.Tests.Workflows;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>Joins, conditions on nodes, and what follows a failure.</summary>
public sealed class JoinTests
{
    [Fact]
    public async Task With_any_the_first_wins_and_the_losers_are_cancelled_and_say_so()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Council("""{"join":"any"}"""));
        var a = await engine["a"].NextCall();
        var b = await engine["b"].NextCall();
        await engine["c"].NextCall();
        a.Say("half");
        await engine.Chunk("half");
        b.Say("whole").End();
        (await engine["judge"].NextCall()).Say("done").End();

        Assert.Equal("done", (await engine.End()).Output);
        var story = engine.Story();
        Assert.Contains("a cancelled", story);
        Assert.Contains("c cancelled", story);

        // What the loser wrote has been paid for.
        Assert.Contains("a usage", story);
        Assert.True(story.ToList().IndexOf("judge running") < story.ToList().IndexOf("a cancelled"));
        Assert.Equal(NodeStatus.Cancelled, (await engine.Snapshot()).Nodes["c"].Status);
    }

    [Fact]
    public async Task A_branch_that_also_leads_elsewhere_goes_on()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Definitions.Of("""
            {"id":"t","agents":{"a":{"model":"a"},"b":{"model":"b"},"judge":{"model":"judge"},"other":{"model":"other"}},"nodes":{
              "start":{"type":"start","next":"fork"},"fork":{"type":"parallel","next":["a","b"]},
              "a":{"type":"agent","agent":"a","next":"judge"},"b":{"type":"agent","agent":"b","next":"both"},
              "both":{"type":"parallel","next":["judge","other"]},"other":{"type":"agent","agent":"other","next":"end"},
              "judge":{"type":"agent","agent":"judge","join":"any","next":"end"},"end":{"type":"end"}}}
            """));
        var slow = await engine["b"].NextCall();
        (await engine["a"].NextCall()).End();
        (await engine["judge"].NextCall()).Say("judged").End();
        await engine.Status("judge", NodeStatus.Completed);
        slow.End();
        (await engine["other"].NextCall()).Say("other").End();

        Assert.Equal("other\n\njudged", (await engine.End()).Output);
        Assert.DoesNotContain(engine.Story(), line => line.EndsWith("cancelled", StringComparison.Ordinal));
        Assert.Single(engine.Story(), "judge running");
    }

    [Fact]
    public async Task A_quorum_waits_for_as_many_as_it_needs_and_a_failed_branch_does_not_hold_it_up()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Council("""{"join":{"quorum":2}}"""));
        (await engine["a"].NextCall()).Throw(new HttpRequestException("Gone."));
        await engine.Status("a", NodeStatus.Failed);
        (await engine["b"].NextCall()).Say("tea").End();
        await engine.Status("b", NodeStatus.Completed);
        Assert.Equal(0, engine["judge"].Calls);
        (await engine["c"].NextCall()).Say("water").End();
        (await engine["judge"].NextCall()).Say("done").End();

        Assert.Equal("done", (await engine.End()).Output);
    }

    [Fact]
    public async Task A_quorum_that_cannot_be_reached_fails_its_node_with_the_reason()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Council("""{"join":{"quorum":2}}"""));
        foreach (var branch in new[] { "a", "b" }) (await engine[branch].NextCall()).Throw(new HttpRequestException("Gone."));
        (await engine["c"].NextCall()).Say("water").End();

        Assert.Equal(SessionStatus.Failed, (await engine.End()).Status);
        var judge = (await engine.Snapshot()).Nodes["judge"];
        Assert.Equal((NodeStatus.Failed, "The node needs 2 of the nodes before it, and only 1 of 3 led to it."), (judge.Status, judge.Error));
        Assert.Contains("error judge quorum_not_reached", engine.Story());
    }

    [Fact]
    public async Task A_review_that_lost_is_closed_and_its_held_answer_is_heard_by_all()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Definitions.Of("""
            {"id":"t","agents":{"judge":{"model":"judge"}},"nodes":{
              "start":{"type":"start","next":"fork"},"fork":{"type":"parallel","next":["x","y"]},
              "x":{"type":"human_review","prompt":"X?","next":"judge"},"y":{"type":"human_review","prompt":"Y?","next":"judge"},
              "judge":{"type":"agent","agent":"judge","join":"any","next":"end"},"end":{"type":"end"}}}
            """));
        await engine.Status("y", NodeStatus.Suspended);
        await engine.Pause();
        await engine.Say("answer x", nodeId: "x");
        await engine.Say("answer y", nodeId: "y");
        await engine.Resume();
        var call = await engine["judge"].NextCall();
        Assert.Contains("answer x", call.Messages[^1].Text, StringComparison.Ordinal);
        Assert.Contains("# User\nanswer y", call.Messages[^1].Text, StringComparison.Ordinal);
        call.Say("done").End();

        Assert.Equal("done", (await engine.End()).Output);
        var snapshot = await engine.Snapshot();
        Assert.Equal(NodeStatus.Cancelled, snapshot.Nodes["y"].Status);
        Assert.Equal(["answer y"], snapshot.UserMessages);
        Assert.Empty(snapshot.HeldInputs);
    }

    [Fact]
    public async Task Where_a_node_fails_the_session_goes_on_skips_or_fails_as_the_node_says()
    {
        foreach (var (policy, status, judged) in new[] { (ErrorPolicy.Continue, SessionStatus.Completed, true), (ErrorPolicy.Skip, SessionStatus.Failed, false), (ErrorPolicy.Fail, SessionStatus.Failed, false) })
        {
            await using var engine = new EngineFixture();
            await engine.Start(Definitions.Of($$$"""
                {"id":"t","agents":{"a":{"model":"a"},"b":{"model":"b"},"judge":{"model":"judge"}},"nodes":{
                  "start":{"type":"start","next":"fork"},"fork":{"type":"parallel","next":["a","b"]},
                  "a":{"type":"agent","agent":"a","on_error":"{{{policy}}}","next":"judge"},"b":{"type":"human_review","prompt":"?","next":"last"},
                  "judge":{"type":"agent","agent":"judge","next":"end"},"last":{"type":"human_review","prompt":"?","when":"false","next":"end"},"end":{"type":"end"} } }
                """));
            (await engine["a"].NextCall()).Throw(new HttpRequestException("Gone."));
            await engine.Status("a", NodeStatus.Failed);
            if (judged) (await engine["judge"].NextCall()).Say("done").End();
            if (policy != ErrorPolicy.Fail) await engine.Say("yes", nodeId: "b");

            Assert.Equal(status, (await engine.End()).Status);
            Assert.Equal(policy == ErrorPolicy.Fail ? NodeStatus.Cancelled : NodeStatus.Completed, (await engine.Snapshot()).Nodes["b"].Status);
        }
    }

    [Fact]
    public async Task A_condition_on_a_node_that_cannot_be_told_fails_the_node_and_names_the_path()
    {
        await using var engine = new EngineFixture();
        var workflow = Council("""{"when":"nodes.a.json.score > 1"}""");
        await engine.Start(workflow);
        (await engine["a"].NextCall()).Say("no json").End();
        foreach (var branch in new[] { "b", "c" }) (await engine[branch].NextCall()).Say("x").End();

        Assert.Equal(SessionStatus.Failed, (await engine.End()).Status);
        var judge = (await engine.Snapshot()).Nodes["judge"];
        Assert.Equal("'nodes.a.json' leads nowhere: the node has said nothing that is JSON.", judge.Error);
        Assert.Contains("error judge template_failed", engine.Story());
    }

    [Fact]
    public async Task A_prompt_and_an_output_are_written_from_what_was_said()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Definitions.Of("""
            {"id":"t","agents":{"a":{"model":"a"},"b":{"model":"b","instructions":"Be brief."}},"nodes":{
              "start":{"type":"start","next":"a"},"a":{"type":"agent","agent":"a","next":"b"},
              "b":{"type":"agent","agent":"b","prompt":"On {{ input }}: {{ nodes.a.json.total | plus: 1 }}","next":"end"},
              "end":{"type":"end","with":{"output":"{{ nodes.a.json.total }} {{ nodes.b.text }}"}}}}
            """));
        (await engine["a"].NextCall()).Say("""{"total": """).Say("41}").End();
        var call = await engine["b"].NextCall();
        Assert.Equal(["Be brief.", "On Tea or coffee?: 42"], call.Messages.Select(message => message.Text));
        call.Say("is it").End();

        Assert.Equal("41 is it", (await engine.End()).Output);
    }

    [Fact]
    public async Task A_prompt_that_cannot_be_written_fails_its_node_before_any_model_is_asked()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Definitions.Of("""
            {"id":"t","agents":{"a":{"model":"a"}},"nodes":{"start":{"type":"start","next":"a"},
              "a":{"type":"agent","agent":"a","prompt":"{{ input.budget }}","next":"end"},"end":{"type":"end"}}}
            """));

        Assert.Equal(SessionStatus.Failed, (await engine.End()).Status);
        Assert.Equal("'input.budget' leads nowhere: 'input' is an object and has no 'budget'.", (await engine.Snapshot()).Nodes["a"].Error);
        Assert.Equal(0, engine["a"].Calls);
    }

    // Three agents side by side and one behind them.
    private static WorkflowDefinition Council(string judge)
    {
        var council = Definitions.Of("""
            {"id":"t","agents":{"a":{"model":"a"},"b":{"model":"b"},"c":{"model":"c"},"judge":{"model":"judge"}},"nodes":{
              "start":{"type":"start","next":"fork"},"fork":{"type":"parallel","next":["a","b","c"]},
              "a":{"type":"agent","agent":"a","next":"judge"},"b":{"type":"agent","agent":"b","next":"judge"},"c":{"type":"agent","agent":"c","next":"judge"},
              "judge":{"type":"agent","agent":"judge","next":"end"},"end":{"type":"end"}}}
            """);
        var change = Definitions.Of($$$"""{"nodes":{"judge":{{{judge}}} } }""").Nodes!["judge"];
        return council with { Nodes = council.Nodes!.ToDictionary(n => n.Key, n => n.Key == "judge" ? n.Value with { Join = change.Join, When = change.When } : n.Value) };
    }
}
