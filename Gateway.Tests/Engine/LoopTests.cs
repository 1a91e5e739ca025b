using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Workflows;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>Conditions, loops and votes.</summary>
public sealed class LoopTests
{
    private static readonly DateTime Now = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    [Theory]
    [InlineData(91, "high")]
    [InlineData(50, "middle")]
    [InlineData(10, "low")]
    public async Task A_condition_leads_on_by_the_first_way_that_holds_and_its_join_knows(int score, string taken)
    {
        await using var engine = new EngineFixture();
        await engine.Start(Definitions.Of("""
            {"id":"t","agents":{"a":{"model":"a"},"high":{"model":"high"},"middle":{"model":"middle"},"low":{"model":"low"},"last":{"model":"last"}},"nodes":{
              "start":{"type":"start","next":"a"},"a":{"type":"agent","agent":"a","next":"way"},
              "way":{"type":"condition","with":{"when":[{"if":"nodes.a.json.score >= 90","next":"high"},{"if":"nodes.a.json.score > 20","next":"middle"}],"else":"low"}},
              "high":{"type":"agent","agent":"high","next":"last"},"middle":{"type":"agent","agent":"middle","next":"last"},"low":{"type":"agent","agent":"low","next":"last"},
              "last":{"type":"agent","agent":"last","next":"end"},"end":{"type":"end"}}}
            """));
        (await engine["a"].NextCall()).Say($$"""{"score":{{score}}}""").End();
        (await engine[taken].NextCall()).Say("taken").End();
        (await engine["last"].NextCall()).Say("done").End();

        Assert.Equal("done", (await engine.End()).Output);
        var snapshot = await engine.Snapshot();
        Assert.Equal([taken], snapshot.Nodes["way"].Next);
        Assert.All(new[] { "high", "middle", "low" }, id => Assert.Equal(id == taken ? NodeStatus.Completed : NodeStatus.Skipped, snapshot.Nodes[id].Status));
    }

    [Theory]
    [InlineData("""{"body":"draft","max_rounds":2}""", new[] { 10, 20 }, """{"exit":"max_rounds","rounds":2}""")]
    [InlineData("""{"body":"draft","max_rounds":9,"until":"nodes.judge.json.score > 15 and loop.round >= 2"}""", new[] { 40, 20 }, """{"exit":"until","rounds":2}""")]
    [InlineData("""{"body":"draft","max_rounds":9,"exit_on_score":90}""", new[] { 40, 60, 90 }, """{"exit":"score","rounds":3,"score":90}""")]
    [InlineData("""{"body":"draft","max_rounds":9,"exit_on_score":90}""", new[] { 40, 30, 19 }, """{"exit":"regression","rounds":3,"score":19}""")]
    [InlineData("""{"body":"draft","exit_on_score":1.5,"score":"nodes.judge.json.score / 10"}""", new[] { 10, 11, 12 }, """{"exit":"max_rounds","rounds":3,"score":1.2}""")]
    public async Task A_loop_ends_for_a_reason_that_it_tells(string with, int[] scores, string result)
    {
        await using var engine = new EngineFixture();
        await engine.Start(Improve(with));
        for (var round = 1; round <= scores.Length; round++)
        {
            var draft = await engine["draft"].NextCall();
            if (round > 1) Assert.Contains($"judge, in the round before\n{{\"score\":{scores[round - 2]}}}", draft.Messages[^1].Text, StringComparison.Ordinal);
            draft.Say($"draft {round}").End();
            var judge = await engine["judge"].NextCall();
            Assert.Contains($"# draft\ndraft {round}", judge.Messages[^1].Text, StringComparison.Ordinal);
            judge.Say($$"""{"score":{{scores[round - 1]}}}""").End();
        }

        Assert.Equal($$"""{"score":{{scores[^1]}}}""", (await engine.End()).Output);
        var loop = (await engine.Snapshot()).Nodes["improve"];
        Assert.Equal((NodeStatus.Completed, scores.Length, result), (loop.Status, loop.Round, loop.Result!.Value.GetRawText()));
        Assert.Equal(scores.Length, engine.Published.Of("s").OfType<SessionEvent<NodeStateChange>>().Where(e => e.NodeId == "draft").Max(e => e.Data.Iteration ?? 1));
        Assert.All(engine.Published.Of("s").OfType<SessionEvent<TokenStream>>().Where(e => e.NodeId == "draft"), e => Assert.Equal($"draft {e.Data.Iteration ?? 1}", e.Data.Chunk));
        Assert.Equal(scores.Length, engine.Published.Of("s").OfType<SessionEvent<TokenUsage>>().Where(e => e.NodeId == "draft").Max(e => e.Data.Iteration ?? 1));
    }

    [Fact]
    public async Task An_answer_held_for_one_round_does_not_answer_the_next()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Definitions.Of("""
            {"id":"t","agents":{},"nodes":{
              "start":{"type":"start","next":"again"},"again":{"type":"loop","with":{"body":"fork","max_rounds":2},"next":"end"},
              "fork":{"type":"parallel","next":["x","y"]},
              "x":{"type":"human_review","prompt":"X?","next":"count"},"y":{"type":"human_review","prompt":"Y?","next":"count"},
              "count":{"type":"vote","join":"any","next":"again"},"end":{"type":"end"}}}
            """));
        await engine.Status("y", NodeStatus.Suspended);
        await engine.Pause();
        await engine.Say("answer x", nodeId: "x");
        await engine.Say("answer y", nodeId: "y");
        await engine.Resume();

        // The first round is over with the first answer, and nobody has read what the second asks.
        var snapshot = await engine.Snapshot();
        Assert.Equal((NodeStatus.Suspended, NodeStatus.Suspended, 2), (snapshot.Nodes["x"].Status, snapshot.Nodes["y"].Status, snapshot.Nodes["again"].Round));
        Assert.Equal(["answer y"], snapshot.UserMessages);
        Assert.Empty(snapshot.HeldInputs);
    }

    [Fact]
    public async Task A_score_that_is_beyond_all_measure_is_a_fall()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Improve("""{"body":"draft","max_rounds":9,"exit_on_score":90}"""));
        foreach (var score in (string[])["50", "-79228162514264337593543950335"])
        {
            (await engine["draft"].NextCall()).Say("draft").End();
            (await engine["judge"].NextCall()).Say($$"""{"score":{{score}}}""").End();
        }

        Assert.Equal(SessionStatus.Completed, (await engine.End()).Status);
        Assert.Equal("regression", (await engine.Snapshot()).Nodes["improve"].Result!.Value.GetProperty("exit").GetString());
    }

    [Fact]
    public async Task A_loop_in_a_loop_goes_on_counting_iterations_and_begins_its_rounds_anew()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Definitions.Of("""
            {"id":"t","agents":{"a":{"model":"a"}},"nodes":{"start":{"type":"start","next":"outer"},
              "outer":{"type":"loop","with":{"body":"inner","max_rounds":2},"next":"end"},
              "inner":{"type":"loop","with":{"body":"a","max_rounds":2},"next":"review"},
              "a":{"type":"agent","agent":"a","prompt":"Round {{ loop.round }}","next":"inner"},
              "review":{"type":"human_review","prompt":"{{ nodes.a.text }}?","next":"outer"},"end":{"type":"end"}}}
            """));
        for (var iteration = 1; iteration <= 4; iteration++)
        {
            var call = await engine["a"].NextCall();
            Assert.Equal($"Round {(iteration - 1) % 2 + 1}", call.Messages[^1].Text);
            call.Say($"a{iteration}").End();
            if (iteration % 2 == 1) continue;
            var prompt = iteration == 2 ? "review" : "review.2";
            var asked = (SessionEvent<NodeStateChange>)await engine.Published.Seen(e => e is SessionEvent<NodeStateChange> { Data.Prompt: { } asks } && asks.PromptId == prompt, prompt);
            Assert.Equal($"a{iteration}?", asked.Data.Prompt!.Text);
            if (iteration == 4) Assert.Equal(ErrorCode.PromptAnswered, await EngineFixture.Refusal(() => engine.Say("late", "review")));
            await engine.Say("go on", prompt);
        }

        Assert.Equal("go on", (await engine.End()).Output);
        var nodes = (await engine.Snapshot()).Nodes;
        Assert.Equal((4, 2, 2, 2), (nodes["a"].Iteration, nodes["inner"].Iteration, nodes["inner"].Round, nodes["outer"].Round));
    }

    [Fact]
    public async Task A_round_from_which_nothing_comes_back_fails_the_loop()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Improve("""{"body":"draft"}"""));
        (await engine["draft"].NextCall()).Throw(new HttpRequestException("Gone."));

        Assert.Equal(SessionStatus.Failed, (await engine.End()).Status);
        Assert.Equal("Round 1 is over, and no node of the body led back to the loop.", (await engine.Snapshot()).Nodes["improve"].Error);
    }

    [Fact]
    public async Task A_loop_pauses_in_mid_sentence_and_a_crash_repeats_only_what_was_under_way()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Improve("""{"body":"draft","max_rounds":2}"""));
        (await engine["draft"].NextCall()).Say("draft 1").End();
        (await engine["judge"].NextCall()).Say("good").End();
        var second = await engine["draft"].NextCall();
        second.Say("half");
        await engine.Chunk("half");
        await engine.Pause();
        second.Say(" and whole").End();
        await engine.Resume();
        await engine["judge"].NextCall();

        var events = engine.Published.Of("s").ToList();
        var state = Play.Fold(EngineFixture.Header(Improve("""{"body":"draft","max_rounds":2}""")), events);
        var batch = new EventBatch(state, Now);
        Scheduler.Decide(batch, new EngineInput.Recover());
        var again = Assert.IsType<SessionEvent<NodeStateChange>>(Assert.Single(batch.Events).Event).Data;
        Assert.Equal(("judge", NodeStatus.Running, 2, 2), (again.NodeId, again.Status, again.Attempt, again.Iteration));
        Assert.Equal("half and whole", state["draft"].Text.ToString());
        await engine.Cancel();
        Assert.Equal(NodeStatus.Cancelled, (await engine.Snapshot()).Nodes["improve"].Status);
    }

    // Ten thousand rounds of two nodes, and of none that has work: what the state holds does not grow, nor does what a decision costs.
    [Theory]
    [InlineData(NodeType.Agent)]
    [InlineData(NodeType.Parallel)]
    public void Ten_thousand_rounds_take_no_more_memory_than_five_hundred(string type)
    {
        var workflow = Improve("""{"body":"draft","max_rounds":10000}""");
        workflow = workflow with { Nodes = workflow.Nodes!.ToDictionary(n => n.Key, n => n.Value.Type == NodeType.Agent ? n.Value with { Type = type, Agent = type == NodeType.Agent ? "draft" : null } : n.Value) };
        var state = new SessionState(Play.HeaderOf(workflow), TestKinds.All);
        var (events, steps, decisions) = (0L, 0L, 0);
        long? early = null;
        Decide(new EngineInput.Start());
        while (!state.IsFinal)
        {
            if (early is null && state["improve"].Round >= 500) early = ObjectGraph.SizeOf(state);
            if (state.IsDue)
            {
                Decide(new EngineInput.GoOn());
                continue;
            }

            var node = state.Nodes.First(node => node.Work is not null);
            Decide(new EngineInput.Chunk(node.Id, node.Attempt, "A sentence that is said in each round.", IsThinking: false, node.Iteration));
            Decide(new EngineInput.WorkFinished(node.Id, node.Attempt, node.Iteration));
        }

        Assert.Equal((SessionStatus.Completed, 10_000), (state.Status, state["improve"].Round));
        Assert.True(events > 50_000);
        Assert.True(decisions > 20, "A decision is bounded");
        Assert.True(steps / decisions < 2_000_000, $"A decision takes {steps / decisions} steps");
        Assert.InRange(ObjectGraph.SizeOf(state), 300, early!.Value + 500);

        void Decide(EngineInput input)
        {
            var batch = new EventBatch(state, Now);
            Scheduler.Decide(batch, input);
            events += batch.Events.Count;
            steps += state.Steps.Taken;
            decisions++;
        }
    }

    [Fact]
    public async Task A_session_goes_through_rounds_without_work_and_takes_commands_meanwhile()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Definitions.Of("""
            {"id":"t","nodes":{"start":{"type":"start","next":"l"},"l":{"type":"loop","with":{"body":"p","max_rounds":3000},"next":"end"},
              "p":{"type":"parallel","next":"l"},"end":{"type":"end"}}}
            """));

        Assert.Equal(SessionStatus.Completed, (await engine.End()).Status);
        Assert.Equal("""{"exit":"max_rounds","rounds":3000}""", (await engine.Snapshot()).Nodes["l"].Result!.Value.GetRawText());
    }

    [Theory]
    [InlineData("{}", "yes", "yes", "no", false, "Not approved: 2 yes and 1 no, where 67 % is asked for.")]
    [InlineData("""{"threshold":0.6}""", "yes", "yes", "no", true, "Approved: 2 yes and 1 no, where 60 % is asked for.")]
    [InlineData("{}", "yes", "abstain", "Yes", true, "Approved: 2 yes and 0 no, where 67 % is asked for.")]
    [InlineData("{}", "abstain", "abstain", "abstain", false, "Not approved: no ballot counts. 1 ballots are needed.")]
    [InlineData("""{"tie":"approve","threshold":0.9}""", "yes", "no", "maybe", true, "Approved: 1 yes and 1 no, where 90 % is asked for.")]
    [InlineData("""{"threshold":0.5}""", "yes", "no", "abstain", false, "Not approved: 1 yes and 1 no, where 50 % is asked for.")]
    [InlineData("""{"quorum":3}""", "yes", "yes", "abstain", false, "Not approved: 2 yes and 0 no, where 67 % is asked for. 3 ballots are needed.")]
    [InlineData("""{"kind":"score","threshold":0.7}""", "80", "60", "abstain", true, "Approved: a mean score of 70 in 2 ballots, where 70 % is asked for.")]
    [InlineData("""{"kind":"score"}""", "80", "101", "50", false, "Not approved: a mean score of 65 in 2 ballots, where 67 % is asked for.")]
    public async Task A_vote_counts_the_ballots_before_it(string with, string first, string second, string third, bool approved, string words)
    {
        await using var engine = new EngineFixture();
        await engine.Start(Definitions.Of($$"""
            {"id":"t","agents":{"a":{"model":"a"},"b":{"model":"b"},"c":{"model":"c"} },"nodes":{
              "start":{"type":"start","next":"fork"},"fork":{"type":"parallel","next":["a","b","c"]},
              "a":{"type":"agent","agent":"a","next":"vote"},"b":{"type":"agent","agent":"b","next":"vote"},"c":{"type":"agent","agent":"c","next":"vote"},
              "vote":{"type":"vote","with":{{with}},"next":"way"},
              "way":{"type":"condition","with":{"when":[{"if":"nodes.vote.json.approved","next":"yes"}],"else":"no"} },
              "yes":{"type":"end"},"no":{"type":"end"} } }
            """));
        foreach (var (id, ballot) in new[] { ("a", first), ("b", second), ("c", third) })
        {
            (await engine[id].NextCall()).Say(int.TryParse(ballot, out var score) ? $$"""{"score":{{score}},"reasoning":"so"}""" : $$"""{"decision":"{{ballot}}"}""").End();
        }

        Assert.Equal(words, (await engine.End()).Output);
        var nodes = (await engine.Snapshot()).Nodes;
        Assert.Equal(approved, nodes["vote"].Result!.Value.GetProperty("approved").GetBoolean());
        Assert.Equal(approved ? NodeStatus.Completed : NodeStatus.Skipped, nodes["yes"].Status);
        Assert.Equal(3, nodes["vote"].Result!.Value.GetProperty("ballots").GetArrayLength());
    }

    private static WorkflowDefinition Improve(string with) => Definitions.Of($$"""
        {"id":"t","agents":{"draft":{"model":"draft"},"judge":{"model":"judge"} },"nodes":{
          "start":{"type":"start","next":"improve"},"improve":{"type":"loop","with":{{with}},"next":"end"},
          "draft":{"type":"agent","agent":"draft","next":"judge"},"judge":{"type":"agent","agent":"judge","next":"improve"},"end":{"type":"end"} } }
        """);
}
