using System.Text.Json;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Log;
using Gateway.Refusals;
using Gateway.Tests.Infrastructure;
using Gateway.Tests.Workflows;
using Gateway.Workflows;
using Microsoft.Extensions.AI;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>Budgets: a warning, a question, and what its answer makes of the session.</summary>
public sealed class BudgetTests
{
    [Fact]
    public async Task At_four_fifths_it_warns_once_and_at_the_whole_it_asks_before_the_next_call()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Line(3, "{\"tokens\":1000}"));
        await Answer(engine, "a0", 799);
        await Answer(engine, "a1", 1);
        await engine.Status("a2", NodeStatus.Running);
        Assert.Equal(1, engine.Story().Count(e => e.Contains(ErrorCode.BudgetWarning, StringComparison.Ordinal)));
        Assert.Contains("error  budget_warning", engine.Story());
        var warned = await engine.Snapshot();
        Assert.Null(warned.Error);
        Assert.Equal((800, true, "1000"), (warned.Budget!.Spent.Tokens, warned.Budget.Warned, $"{warned.Budget.Limit.Tokens}"));

        await Answer(engine, "a2", 200);
        var prompt = (await Asked(engine)).Prompt!;
        Assert.Equal(("budget#1", PromptKind.Budget, "The session's budget is used up: 1,000 of 1,000 tokens. Raise it, or stop?"), (prompt.PromptId, prompt.Kind, prompt.Text));
        Assert.Equal(0, engine["a3"].Calls);
        var snapshot = await engine.Snapshot();
        Assert.Equal((SessionStatus.Paused, PauseReason.BudgetExceeded, "budget#1"), (snapshot.Status, snapshot.PauseReason, snapshot.Prompt!.PromptId));
        Assert.Equal(NodeStatus.Completed, snapshot.Nodes["a2"].Status);
    }

    [Fact]
    public async Task What_is_over_when_its_budget_is_used_up_is_over()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Line(0, "{\"tokens\":100}"));
        await Answer(engine, "a0", 500);
        Assert.Equal("a0 says 0", (await engine.End()).Output);
        Assert.DoesNotContain(engine.Story(), e => e.StartsWith("paused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_call_is_stopped_in_mid_sentence_and_goes_on_with_its_next_word()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Line(0, "{\"tokens\":200}"));
        var call = await engine["a0"].NextCall();
        call.Say(new string('x', 2000));
        var asked = await Asked(engine);
        Assert.InRange(asked.Prompt!.Data!.Value.GetProperty("spent").GetProperty("tokens").GetInt64(), 200, 2000);
        call.Say("the next word");
        Assert.Equal(ErrorCode.BudgetExceeded, await EngineFixture.Refusal(() => engine.Resume()));
        Assert.DoesNotContain("a0: the next word", engine.Story());

        await Send(engine, new UserInput { Action = PromptAction.Raise, Data = JsonElement.Parse("""{"tokens":5000}""") }, "anna");
        call.End();
        Assert.EndsWith("the next word", (await engine.End()).Output, StringComparison.Ordinal);
        Assert.Equal(1, engine["a0"].Calls);
        Assert.Equal(["paused budget_exceeded holds {\"tokens\":5000}", "a0 running", "user: {\"tokens\":5000}"], engine.Story().SkipWhile(e => !e.Contains("holds", StringComparison.Ordinal)).Take(3));
        var held = engine.Published.Of("s").OfType<SessionEvent<ExecutionPaused>>().Single(e => e.Data.HeldInput is not null).Data.HeldInput!.Answer!;
        Assert.Equal(("budget#1", PromptAction.Raise, "anna"), (held.PromptId, held.Action, held.By));
        Assert.Empty((await engine.Snapshot()).UserMessages);
    }

    [Theory]
    [InlineData("raise", """{"tokens":100}""")]
    [InlineData("raise: {\"tokens\":300}", """{"tokens":300}""")]
    [InlineData("Raise: we need it", """{"tokens":100}""")]
    public async Task Words_answer_it_too_and_without_an_amount_it_is_raised_by_as_much_as_it_was(string words, string by)
    {
        await using var engine = new EngineFixture();
        await engine.Start(Line(1, "{\"tokens\":100}"));
        await Answer(engine, "a0", 120);
        await Asked(engine);
        await engine.Say(words);
        (await engine["a1"].NextCall()).End();
        await engine.End();
        var said = engine.Published.Of("s").OfType<SessionEvent<TokenStream>>().Single(e => e.Data.AgentId == TokenStream.UserAgentId).Data;
        Assert.Equal(by, said.Answer!.Data!.Value.GetRawText());
        Assert.Equal(100 + JsonElement.Parse(by).GetProperty("tokens").GetInt64(), (await engine.Snapshot()).Budget!.Limit.Tokens);
    }

    [Theory]
    [InlineData("""{"tokens":0}""", "does not fit its schema")]
    [InlineData("""{"usd":5}""", "does not fit its schema")]
    [InlineData("""{"tokens":20}""", "120 tokens have been consumed already; raise 'tokens' by more than 20")]
    [InlineData("""{"tokens":9223372036854775807}""", "from 1 to 1,000,000,000,000,000")]
    [InlineData("""{"tokens":1e30}""", "does not fit its schema")]
    public async Task An_answer_that_is_none_or_too_little_is_refused_and_the_prompt_stays_open(string data, string reason)
    {
        await using var engine = new EngineFixture();
        await engine.Start(Line(1, "{\"tokens\":100}"));
        await Answer(engine, "a0", 120);
        await Asked(engine);
        var refusal = await Assert.ThrowsAsync<GatewayException>(() => Send(engine, new UserInput { Action = PromptAction.Raise, Data = JsonElement.Parse(data) }));
        Assert.Equal(ErrorCode.InvalidData, refusal.Code);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.InvalidData, await EngineFixture.Refusal(() => engine.Say("go on, please")));
        Assert.NotNull((await engine.Snapshot()).Prompt);
    }

    [Theory]
    [InlineData("""{"usd":1}""", """{"usd":2e28}""", "at most 1,000,000,000")]
    [InlineData("""{"usd":1}""", """{"usd":1e40}""", "at most 1,000,000,000")]
    [InlineData("""{"duration":"1s"}""", """{"duration":"9999999d"}""", "at most 366 days")]
    [InlineData("""{"duration":"1s"}""", """{"duration":"922337203685.4775"}""", "at most 366 days")]
    [InlineData("""{"duration":"1s"}""", """{"duration":"999999999999h"}""", "at most 366 days")]
    [InlineData("""{"duration":"1s"}""", """{"duration":"-1s"}""", "a time above 0")]
    public void An_answer_beyond_what_a_budget_may_have_is_refused(string limit, string data, string reason)
    {
        var (budget, prompt) = UsedUp(limit);
        var refusal = Assert.Throws<GatewayException>(() => BudgetPrompt.By(budget, prompt, JsonElement.Parse(data)));
        Assert.Equal(ErrorCode.InvalidData, refusal.Code);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"tokens":1000}""", """{"tokens":1e5}""", """{"tokens":100000}""")]
    [InlineData("""{"duration":"1s"}""", """{"duration":"366D"}""", """{"duration":"31622400s"}""")]
    [InlineData("""{"usd":1}""", null, """{"usd":4}""")]
    public void A_number_may_be_written_in_any_way_and_a_raise_reaches_beyond_what_is_spent(string limit, string? data, string by)
    {
        var (budget, prompt) = UsedUp(limit);
        var raised = BudgetPrompt.By(budget, prompt, data is null ? null : JsonElement.Parse(data));
        Assert.Equal(by, BudgetPrompt.Write(raised).GetRawText());
    }

    [Fact]
    public void A_tiny_budget_is_raised_beyond_what_is_spent_although_that_is_uncountably_often_as_much()
    {
        var (budget, prompt) = UsedUp("""{"usd":1e-28}""");
        budget.Raise(BudgetPrompt.By(budget, prompt, null));
        Assert.True(budget.Limit.Usd > 4.5m);
    }

    [Fact]
    public void A_time_beyond_all_dates_is_never_due()
    {
        var flow = new PolicyFlow(SampleWorkflows.Quick with { Budget = new BudgetPolicy { Duration = "1h" } });
        flow.Decide(0, new EngineInput.Start());
        var budget = flow.State.Budgets.All[0];
        Assert.Equal(PolicyFlow.Begin.AddMinutes(48), budget.Due);
        budget.Raise(new Budget(null, null, TimeSpan.FromDays(9_999_999)));
        Assert.Null(budget.Due);
    }

    [Fact]
    public void The_time_that_a_session_was_down_is_not_counted_when_it_stays_paused_then()
    {
        var flow = new PolicyFlow(SampleWorkflows.Quick with { Budget = new BudgetPolicy { Duration = "1h" } });
        flow.Decide(0, new EngineInput.Start());
        flow.Decide(60, new EngineInput.Chunk("a", 1, "draft", false));
        flow.Crash(10_000, maxInterruptions: 0);
        Assert.Equal(PauseReason.Interrupted, flow.State.PauseReason);
        Assert.Equal(TimeSpan.FromSeconds(60), flow.State.Worked);
    }

    [Fact]
    public async Task Of_two_answers_the_first_wins_and_a_second_press_is_none()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Line(2, "{\"tokens\":100}"));
        await Answer(engine, "a0", 100);
        await Asked(engine);
        await engine.Say("raise", promptId: "budget#1");
        var second = await engine["a1"].NextCall();
        Assert.Equal(ErrorCode.PromptAnswered, await EngineFixture.Refusal(() => engine.Say("stop", promptId: "budget#1")));
        Assert.Equal(ErrorCode.PromptAnswered, await EngineFixture.Refusal(() => engine.Say("raise")));
        Assert.Equal(ErrorCode.UnknownPrompt, await EngineFixture.Refusal(() => engine.Say("raise", promptId: "budget#2")));
        second.Send(Tokens(100)).Say("a1").End();
        Assert.Equal("budget#2", (await Asked(engine, 2)).Prompt!.PromptId);
    }

    [Fact]
    public async Task The_inbox_has_its_question_until_it_is_answered()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Line(2, "{\"tokens\":100}"));
        await Answer(engine, "a0", 100);
        await Asked(engine);
        var asked = Assert.Single((await Inbox(engine)).Prompts).Prompt;
        Assert.Equal((null, "budget#1", PromptKind.Budget), (asked.NodeId, asked.PromptId, asked.Prompt!.Kind));
        await Send(engine, new UserInput { Action = PromptAction.Raise }, "anna");
        (await engine["a1"].NextCall()).End();
        Assert.Empty((await Inbox(engine)).Prompts);
        var closed = (await ((ILogPrompts)engine.Log.Inner).ReadPromptChangesAsync(0, 0, 10, CancellationToken.None)).Prompts;
        Assert.Equal((PromptOutcome.Answered, "anna"), (Assert.Single(closed).Prompt.Outcome, closed[0].Prompt.By));

        static Task<LoggedPrompts> Inbox(EngineFixture engine) => ((ILogPrompts)engine.Log.Inner).ListPromptsAsync(new PromptQuery(0, 10), CancellationToken.None);
    }

    [Fact]
    public async Task Stop_cancels_the_session_and_says_why_and_who_said_so()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Line(1, "{\"tokens\":100}"));
        await Answer(engine, "a0", 100);
        await Asked(engine);
        await Send(engine, new UserInput { Action = PromptAction.Stop }, "ben");
        Assert.Equal(SessionStatus.Cancelled, (await engine.End()).Status);
        Assert.Equal(["paused budget_exceeded holds stop", "error  budget_exceeded", "a1 cancelled", "end cancelled", "session cancelled"], engine.Story().TakeLast(5));
        Assert.Equal(ErrorCode.BudgetExceeded, (await engine.Snapshot()).ErrorCode);
    }

    [Fact]
    public async Task Stop_of_a_nodes_budget_fails_the_node_with_its_body_and_the_rest_goes_on()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Definitions.Of("""
            {"id":"t","agents":{"w":{"model":"w"},"x":{"model":"x"},"z":{"model":"z"}},"nodes":{"start":{"type":"start","next":"fork"},"fork":{"type":"parallel","next":["l","z"]},
              "l":{"type":"loop","with":{"body":"w","max_rounds":9},"budget":{"tokens":100},"next":"end"},"w":{"type":"agent","agent":"w","next":"x"},"x":{"type":"agent","agent":"x","next":"l"},
              "z":{"type":"agent","agent":"z","next":"end"},"end":{"type":"end"} } }
            """));
        await Answer(engine, "w", 40);
        await Answer(engine, "x", 40);
        await Answer(engine, "w", 40);
        var prompt = (await Asked(engine)).Prompt!;
        Assert.StartsWith("The budget of node 'l' is used up: 120 of 100 tokens.", prompt.Text, StringComparison.Ordinal);
        Assert.Equal("l", prompt.Data!.Value.GetProperty("node_id").GetString());
        Assert.Equal(120, (await engine.Snapshot()).Nodes["l"].Budget!.Spent.Tokens);
        await engine.Say("stop");
        (await engine["z"].NextCall()).Say("left over").End();
        Assert.Equal("left over", (await engine.End()).Output);
        Assert.Contains("error l budget_exceeded", engine.Story());
        Assert.Contains("l failed", engine.Story());
        Assert.Contains("x cancelled", engine.Story());
        Assert.Equal(1, engine["x"].Calls);
    }

    [Fact]
    public async Task Time_at_work_is_counted_and_pauses_and_waiting_for_a_person_are_not()
    {
        await using var engine = new EngineFixture(models: new GatedModels { IdleTimeout = TimeSpan.FromDays(9) }, options: new SessionsOptions { IdleTimeout = TimeSpan.FromDays(9) });
        await engine.Start(SampleWorkflows.Reviewed with { Budget = new BudgetPolicy { Duration = "10m" } });
        var call = await engine["a"].NextCall();
        engine.Time.Advance(TimeSpan.FromMinutes(4));
        call.Say("draft");
        await engine.Chunk("draft");
        await engine.Pause();
        engine.Time.Advance(TimeSpan.FromDays(1));
        await engine.Resume();
        call.End();
        await engine.Published.Seen(e => e is SessionEvent<ExecutionPaused> { Data.Reason: PauseReason.AwaitingInput }, "the wait");
        engine.Time.Advance(TimeSpan.FromDays(1));
        await engine.Say("yes", promptId: "review");
        await engine["b"].NextCall();
        engine.Time.Advance(TimeSpan.FromMinutes(4) + TimeSpan.FromSeconds(1));
        await engine.Published.Seen(e => e is SessionEvent<ExecutionError> { Data.Code: ErrorCode.BudgetWarning }, "the warning");
        Assert.DoesNotContain("paused budget_exceeded", engine.Story());
        engine.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Contains("of 600 seconds", (await Asked(engine)).Prompt!.Text, StringComparison.Ordinal);
        engine.Time.Advance(TimeSpan.FromDays(1));
        await Send(engine, new UserInput { Action = PromptAction.Raise, Data = JsonElement.Parse("""{"duration":"1h"}""") });
        Assert.Equal("4200s", (await engine.Snapshot()).Budget!.Limit.Duration);
        engine.Time.Advance(TimeSpan.FromMinutes(40));
        await engine.Snapshot();
        Assert.Equal(1, engine.Story().Count(e => e == "paused budget_exceeded"));
    }

    [Fact]
    public async Task A_session_that_asks_outlives_its_process_leaves_the_memory_and_goes_on_with_its_answer()
    {
        var log = new FaultyLog();
        await using (var before = new EngineFixture(log))
        {
            await before.Start(Line(2, "{\"tokens\":100}"));
            await Answer(before, "a0", 100);
            await Asked(before);
            await Wait.Until(
                () =>
                {
                    before.Time.Advance(TimeSpan.FromMinutes(2));
                    return before.Host.LiveSessions == 0;
                },
                "the session's leaving");
        }

        await using var after = new EngineFixture(log);
        await after.Host.RecoverAsync(CancellationToken.None);
        Assert.Equal(0, after.Host.LiveSessions);
        Assert.Equal("budget#1", (await after.Snapshot()).Prompt!.PromptId);
        await after.Remark("hello");
        await after.Pause();
        Assert.Equal(ErrorCode.BudgetExceeded, await EngineFixture.Refusal(() => after.Resume()));
        await after.Say("raise", promptId: "budget#1");
        var call = await after["a1"].NextCall();
        Assert.Contains("hello", call.Messages[^1].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("raise", call.Messages[^1].Text, StringComparison.Ordinal);
        call.Send(Tokens(10)).Say("done").End();
        (await after["a2"].NextCall()).End();
        Assert.Equal(SessionStatus.Completed, (await after.End()).Status);
    }

    [Fact]
    public async Task Items_of_a_map_count_for_the_map_and_each_for_itself()
    {
        await using var engine = new EngineFixture();
        var header = EngineFixture.Header(Definitions.Of("""
            {"id":"t","agents":{"w":{"model":"w"}},"nodes":{"start":{"type":"start","next":"m"},
              "m":{"type":"map","with":{"over":"input.list","body":"w","max_parallel":1},"budget":{"tokens":50},"next":"end"},"w":{"type":"agent","agent":"w","budget":{"tokens":45},"next":"m"},"end":{"type":"end"} } }
            """)) with { InputMembers = JsonElement.Parse("""{"list":[1,2,3]}""") };
        await Wait.For(engine.Host.StartAsync(header, CancellationToken.None), "the start");
        await Answer(engine, "w", 30);
        await Answer(engine, "w", 30);
        Assert.Equal("m", (await Asked(engine)).Prompt!.Data!.Value.GetProperty("node_id").GetString());
        Assert.Equal(30, (await engine.Snapshot()).Nodes["w[0]"].Budget!.Spent.Tokens);
        await engine.Cancel();
    }

    // A session's budget of which 2000 tokens, 4.5 dollars and five seconds are spent.
    private static (BudgetState Budget, Prompt Prompt) UsedUp(string limit)
    {
        var policy = JsonSerializer.Deserialize(limit, ContractsJson.Wire.BudgetPolicy)!;
        var flow = new PolicyFlow(SampleWorkflows.Quick with { Budget = policy });
        var budget = flow.State.Budgets.All[0];
        var spent = new Budget(2000, 4.5m, TimeSpan.FromSeconds(5));
        return (budget, BudgetPrompt.Write("budget#1", budget, spent, budget.Reached(spent)));
    }

    private static WorkflowDefinition Line(int last, string budget)
    {
        var ids = Enumerable.Range(0, last + 1).Select(n => $"a{n}").ToList();
        var line = SampleWorkflows.Of([("start", NodeType.Start, ["a0"]), .. ids.Select((id, n) => (id, NodeType.Agent, (string[])[n == last ? "end" : ids[n + 1]])), ("end", NodeType.End, [])]);
        return line with { Budget = JsonSerializer.Deserialize(budget, ContractsJson.Wire.BudgetPolicy) };
    }

    // What was read and written, as the provider tells.
    private static UsageContent Tokens(int count) => new(new UsageDetails { InputTokenCount = count / 2, OutputTokenCount = count - (count / 2) });

    // A provider tells at the end, after the text; so it is known once the answer is whole.
    private static async Task Answer(EngineFixture engine, string agent, int tokens)
    {
        var before = engine.Story().Count(e => e.EndsWith(" usage", StringComparison.Ordinal));
        var call = await engine[agent].NextCall();
        var words = $"{agent} says {before}";
        call.Say(words);
        await engine.Chunk(words);
        call.Send(Tokens(tokens)).End();
        await engine.Published.Seen(e => e is SessionEvent<TokenUsage> && engine.Story().Count(told => told.EndsWith(" usage", StringComparison.Ordinal)) > before, $"the usage of {agent}");
    }

    private static async Task<ExecutionPaused> Asked(EngineFixture engine, int time = 1) =>
        ((SessionEvent<ExecutionPaused>)await engine.Published.Seen(e => e is SessionEvent<ExecutionPaused> { Data.Prompt: { } prompt } && prompt.PromptId == $"budget#{time}", "the question")).Data;

    private static Task<long> Send(EngineFixture engine, UserInput says, string? by = null) => Wait.For(engine.Host.SendAsync("s", says, by, CancellationToken.None), "the answer");
}
