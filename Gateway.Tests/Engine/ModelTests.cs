using System.Net;
using Gateway.Contracts;
using Gateway.Engine.Calls;
using Gateway.Models;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.AI;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>What models do to a session: fail, stall, refuse, cost.</summary>
public class ModelTests
{
    [Fact]
    public async Task A_silent_model_times_out()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Quick);
        var call = await engine["a"].NextCall();
        await call.Asked();
        engine.Time.Advance(TimeSpan.FromSeconds(59));
        call.Say("Te");
        await engine.Chunk("Te");
        await call.Asked();
        engine.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(SessionStatus.Running, (await engine.Snapshot()).Status);
        engine.Time.Advance(TimeSpan.FromSeconds(2));
        await engine.End();
        Assert.Equal(["a: Te", "a usage", "error a model_timeout", "a failed", "end skipped", "session failed"], engine.Story().TakeLast(6));
    }

    [Fact]
    public async Task A_model_that_shows_signs_of_life_is_not_silent()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Quick);
        var call = await engine["a"].NextCall();
        for (var sign = 0; sign < 3; sign++)
        {
            await call.Asked();
            engine.Time.Advance(TimeSpan.FromSeconds(59));
            call.Breathe();
        }

        await call.Asked();
        call.Say("Tea").End();
        Assert.Equal((SessionStatus.Completed, "Tea"), ((await engine.End()).Status, (await engine.End()).Output));
    }

    [Fact]
    public async Task Time_limits_stand_still_while_paused()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Quick);
        var call = await engine["a"].NextCall();
        await call.Asked();
        engine.Time.Advance(TimeSpan.FromSeconds(50));
        await engine.Pause();
        await engine.Snapshot();
        engine.Time.Advance(TimeSpan.FromHours(1));
        await engine.Resume();
        await engine.Snapshot();
        engine.Time.Advance(TimeSpan.FromSeconds(9));
        call.Say("Tea");
        await engine.Chunk("Tea");
        call.End();
        Assert.Equal(SessionStatus.Completed, (await engine.End()).Status);
    }

    [Fact]
    public async Task The_rest_of_a_time_limit_counts_after_resume()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Quick);
        await (await engine["a"].NextCall()).Asked();
        engine.Time.Advance(TimeSpan.FromSeconds(50));
        await engine.Pause();
        await engine.Snapshot();
        await engine.Resume();
        await engine.Snapshot();
        engine.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(SessionStatus.Failed, (await engine.End()).Status);
    }

    [Fact]
    public async Task A_model_that_ignores_its_cancellation_does_not_hold_the_session()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Quick);
        var call = await engine["a"].NextCall();
        call.IsStubborn = true;
        await call.Asked();
        call.Say("Te");
        await engine.Chunk("Te");
        await call.Asked();
        engine.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(SessionStatus.Failed, (await engine.End()).Status);
        call.End();
        await call.Over();
    }

    [Fact]
    public async Task A_failing_model_touches_no_other_session()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Quick, "one");
        var one = await engine["a"].NextCall();
        await engine.Start(SampleWorkflows.Quick, "two");
        var two = await engine["a"].NextCall();
        one.Say("par");
        one.Throw(new InvalidOperationException("key sk-secret"));
        Assert.Equal(SessionStatus.Failed, (await engine.End("one")).Status);
        two.Say("Tea").End();
        Assert.Equal((SessionStatus.Completed, "Tea"), ((await engine.End("two")).Status, (await engine.End("two")).Output));
    }

    [Fact]
    public async Task A_failed_branch_leaves_the_others_to_reach_the_end()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Debate);
        var a = await engine["a"].NextCall();
        var b = await engine["b"].NextCall();
        a.Throw(new InvalidOperationException());
        await engine.Status("a", NodeStatus.Failed);
        b.Say("coffee").End();
        var judge = await engine["judge"].NextCall();
        judge.Say("coffee then").End();
        Assert.Equal(SessionStatus.Completed, (await engine.End()).Status);
        Assert.Contains("# Agent A\n(Nothing: this part of the work failed.)", judge.Messages[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_is_not_configured_fails_its_node()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Of(("start", NodeType.Start, ["missing"]), ("missing", NodeType.Agent, ["end"]), ("end", NodeType.End, [])));
        Assert.Equal(SessionStatus.Failed, (await engine.End()).Status);
        Assert.Contains("error missing model_not_configured", engine.Story());
    }

    [Fact]
    public async Task A_content_filter_fails_the_node()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Quick);
        (await engine["a"].NextCall()).Say("par").End(ChatFinishReason.ContentFilter);
        Assert.Equal(SessionStatus.Failed, (await engine.End()).Status);
    }

    [Fact]
    public async Task An_answer_that_was_cut_is_one_and_says_so()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Quick);
        (await engine["a"].NextCall()).Say("par").End(ChatFinishReason.Length);
        Assert.Equal((SessionStatus.Completed, "par"), ((await engine.End()).Status, (await engine.End()).Output));
        Assert.True(Assert.Single(engine.Published.Of("s").OfType<SessionEvent<TokenUsage>>()).Data.Truncated);
        Assert.True((await engine.Snapshot()).Nodes["a"].Truncated);
    }

    [Fact]
    public async Task An_answer_that_was_not_cut_does_not_say_so()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Quick);
        (await engine["a"].NextCall()).Say("par").End();
        await engine.End();
        Assert.Null(Assert.Single(engine.Published.Of("s").OfType<SessionEvent<TokenUsage>>()).Data.Truncated);
        Assert.Null((await engine.Snapshot()).Nodes["a"].Truncated);
    }

    public static TheoryData<string, AIContent?, string> NoAnswers => new()
    {
        { "stop", null, "gave an empty answer; try again, or use another model." },
        { "stop", new TextContent(" \n"), "gave an empty answer; try again, or use another model." },
        { "load", null, "gave an empty answer (its reason: 'load'); try again, or use another model." },
        { "stop", new TextReasoningContent("hm"), "reasoned and then ended without an answer; try again, or use another model." },
        { "length", new TextReasoningContent("hm"), "used all the tokens it may write for reasoning and wrote no answer; give the agent a higher max_output_tokens." },
        { "length", null, "reached its limit of tokens before it wrote an answer; give the agent a higher max_output_tokens, or less to read." },
        { "tool_calls", new FunctionCallContent("1", "search"), "wants to call the tool 'search' in place of an answer, but the agent has no tools; give it 'tools', say so in its instructions, or use another model." },
        { "tool_calls", new FunctionCallContent("1", "a secret: <b>"), "wants to call a tool in place of an answer, but the agent has no tools; give it 'tools', say so in its instructions, or use another model." },
    };

    [Theory]
    [MemberData(nameof(NoAnswers), DisableDiscoveryEnumeration = true)]
    public async Task What_is_no_answer_says_what_it_is(string reason, AIContent? content, string sentence)
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Quick);
        var call = await engine["a"].NextCall();
        if (content is not null) call.Send(content);
        call.End(new ChatFinishReason(reason));
        var end = await engine.End();
        Assert.Equal((SessionStatus.Failed, null), (end.Status, end.Output));
        var error = Assert.Single(engine.Published.Of("s").OfType<SessionEvent<ExecutionError>>()).Data;
        Assert.Equal((ErrorCode.ModelError, sentence), (error.Code, error.Error[(error.Error.IndexOf("' ", StringComparison.Ordinal) + 2)..]));
    }

    [Fact]
    public async Task Reports_of_one_response_are_running_totals()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Quick);
        var call = (await engine["a"].NextCall()).Say("Tea");
        for (var tokens = 1; tokens <= 200; tokens++) call.Send(new UsageContent(new UsageDetails { InputTokenCount = 1000, OutputTokenCount = tokens }));
        call.Send(new UsageContent(new UsageDetails { InputTokenCount = -1, OutputTokenCount = null })).End();
        Assert.Equal(new Totals { InputTokens = 1000, OutputTokens = 200, EstimatedCostUsd = 0.003m }, (await engine.End()).Totals with { Nodes = null, Agents = null });
    }

    [Fact]
    public void Reports_of_several_responses_add_up()
    {
        var tally = new UsageTally([]);
        foreach (var (response, output) in new[] { ("1", 10), ("1", 20), ("2", 5) }) tally.AddReported(response, new UsageDetails { InputTokenCount = 100, OutputTokenCount = output });
        var usage = tally.ToPiece(new Model { Name = "m", Client = null!, IdleTimeout = TimeSpan.Zero, ReadAhead = 1 });
        Assert.Equal((200, 25), (usage.InputTokens, usage.OutputTokens));
    }

    [Fact]
    public async Task Usage_comes_from_the_provider_and_is_priced()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Quick);
        (await engine["a"].NextCall()).Say("Tea").Send(new UsageContent(new UsageDetails { InputTokenCount = 1000, OutputTokenCount = 200 })).End();
        Assert.Equal(new Totals { InputTokens = 1000, OutputTokens = 200, EstimatedCostUsd = 0.003m }, (await engine.End()).Totals with { Nodes = null, Agents = null });
    }

    [Fact]
    public async Task Usage_is_estimated_when_the_provider_is_silent_and_without_price_costs_nothing_known()
    {
        await using var engine = new EngineFixture(models: new() { InputPrice = null, OutputPrice = null });
        await engine.Start(SampleWorkflows.Quick);
        (await engine["a"].NextCall()).Say("12345678", "9").End();

        // "You are a." and "Tea or coffee?" are 24 characters.
        Assert.Equal(new Totals { InputTokens = 6, OutputTokens = 3, EstimatedCostUsd = 0, CostKnown = false }, (await engine.End()).Totals with { Nodes = null, Agents = null });
    }

    [Fact]
    public async Task What_a_cancelled_node_consumed_is_counted()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Debate);
        var reported = await engine["a"].NextCall();
        reported.Say("Tea").Send(new UsageContent(new UsageDetails { InputTokenCount = 1000, OutputTokenCount = 200 }));
        await engine.Chunk("Tea");
        for (var piece = 0; piece < 3; piece++) await reported.Asked();
        var silent = await engine["b"].NextCall();
        silent.Say("12345678");
        await engine.Chunk("12345678");
        await engine.Cancel();

        var totals = (await engine.End()).Totals;
        Assert.Equal(202, totals.OutputTokens);
        Assert.True(totals.InputTokens > 1000, $"{totals.InputTokens}");
        Assert.Equal(["a usage", "a cancelled", "b usage", "b cancelled", "judge cancelled", "end cancelled", "session cancelled"], engine.Story().TakeLast(7));
    }

    [Fact]
    public async Task What_a_node_consumed_is_counted_when_a_paused_session_is_cancelled()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Debate);
        (await engine["a"].NextCall()).Say("1234");
        await engine.Chunk("1234");
        await engine.Pause();
        await engine.Cancel();

        Assert.Equal(1, (await engine.End()).Totals.OutputTokens);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("abcd", 1)]
    [InlineData("abcde", 2)]
    [InlineData("茶か珈琲か", 5)]
    [InlineData("茶 or 珈琲", 4)]
    [InlineData("😀", 1)]
    public void Four_characters_are_a_token_and_a_wide_one_is_one(string text, long tokens)
    {
        var estimate = default(TokenEstimate);
        estimate.Add(text);
        Assert.Equal(tokens, estimate.Tokens);
    }

    [Fact]
    public async Task A_model_is_read_ahead_no_further_than_it_allows()
    {
        await using var engine = new EngineFixture(models: new() { ReadAhead = 2 });
        await engine.Start(SampleWorkflows.Quick);
        await engine.Pause();
        var call = await engine["a"].NextCall();
        call.Say("1", "2", "3", "4", "5", "6").End();

        // Two wait, the third is in the reader's hand: it does not ask for a fourth.
        for (var read = 0; read < 3; read++) await call.Asked();
        await engine.Snapshot();
        engine.Time.Advance(TimeSpan.FromHours(1));
        await engine.Resume();
        Assert.Equal("123456", (await engine.End()).Output);
    }

    [Fact]
    public void A_failure_never_tells_a_secret()
    {
        Exception[] failures =
        [
            new InvalidOperationException("sk-secret"),
            new HttpRequestException("sk-secret", null, HttpStatusCode.Unauthorized),
            new HttpRequestException("sk-secret"),
            new HttpRequestException(HttpRequestError.ConnectionError, "sk-secret"),
            new AggregateException("sk-secret", new IOException("sk-secret")),
            new FormatException("sk-secret", new HttpRequestException("sk-secret", null, HttpStatusCode.TooManyRequests)),
            new TaskCanceledException("sk-secret"),
        ];
        Assert.All(failures, f => Assert.DoesNotContain("secret", ModelFailure.Describe("gpt", f), StringComparison.Ordinal));
        Assert.Equal("Model 'gpt' has no key.", ModelFailure.Describe("gpt", new ModelException("Model 'gpt' has no key.")));
        Assert.Equal("Model 'gpt' broke off: the provider answered with status 401 (Unauthorized).", ModelFailure.Describe("gpt", failures[1]));
        Assert.Equal("Model 'gpt' broke off: the provider answered with status 429 (TooManyRequests).", ModelFailure.Describe("gpt", failures[5]));
    }
}
