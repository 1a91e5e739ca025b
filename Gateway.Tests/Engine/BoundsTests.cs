using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Refusals;
using Gateway.Tests.Infrastructure;
using Gateway.Tests.Settings;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>What sessions may take: each bound has a name, and the refusal tells it.</summary>
public class BoundsTests
{
    private static readonly string Words = new('x', 500);

    [Fact]
    public async Task A_conversation_has_an_end()
    {
        await using var engine = new EngineFixture(options: new SessionsOptions { MaxConversationBytes = 1600 });
        await engine.Start(SampleWorkflows.Quick);
        await engine.Say(Words);
        await engine.Pause();
        await engine.Say(Words);
        var refusal = await Assert.ThrowsAsync<GatewayException>(() => engine.Say(Words));
        Assert.Equal(ErrorCode.LimitExceeded, refusal.Code);
        Assert.Contains("Gateway:Sessions:MaxConversationBytes", refusal.Message, StringComparison.Ordinal);
        await engine.Resume();
        Assert.Equal(ErrorCode.LimitExceeded, await EngineFixture.Refusal(() => engine.Say(Words)));
        Assert.Equal([Words, Words], (await engine.Snapshot()).UserMessages);
        await engine.Cancel();
    }

    [Fact]
    public async Task What_a_model_says_in_one_call_has_an_end()
    {
        await using var engine = new EngineFixture(options: new SessionsOptions { MaxAnswerBytes = 1024 });
        await engine.Start(SampleWorkflows.Quick);
        var call = await engine["a"].NextCall();
        call.Say(Words).Say(Words).Say("äöüäöüäöüäöü").Say("é");
        var end = await engine.End();

        // All 1,024 bytes are shown; the call is stopped with the next.
        Assert.Equal(SessionStatus.Failed, end.Status);
        Assert.Equal(["error a limit_exceeded", "a failed", "end skipped", "session failed"], engine.Story().TakeLast(4));
        Assert.Equal(Words + Words + "äöüäöüäöüäöü", (await engine.Snapshot()).Nodes["a"].Text);
        Assert.Contains("Gateway:Sessions:MaxAnswerBytes", engine.Published.Of("s").OfType<SessionEvent<ExecutionError>>().Single().Data.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_that_wait_have_an_end()
    {
        await using var engine = new EngineFixture(options: new SessionsOptions { MaxHeldBytes = 1600 });
        await engine.Start(SampleWorkflows.Quick);
        for (var round = 0; round < 3; round++)
        {
            await engine.Pause();
            await engine.Say(Words);
            await engine.Say(Words);
            var refusal = await Assert.ThrowsAsync<GatewayException>(() => engine.Say(Words));
            Assert.Equal(ErrorCode.LimitExceeded, refusal.Code);
            Assert.Contains("Gateway:Sessions:MaxHeldBytes", refusal.Message, StringComparison.Ordinal);
            await engine.Resume();
        }

        Assert.Equal(6, (await engine.Snapshot()).UserMessages.Count);
        await engine.Cancel();
    }

    [Fact]
    public async Task Many_small_words_have_an_end_too()
    {
        await using var engine = new EngineFixture(options: new SessionsOptions { MaxConversationBytes = 2600 });
        await engine.Start(SampleWorkflows.Quick);
        for (var n = 0; n < 10; n++) await engine.Say($"{n}");
        Assert.Equal(ErrorCode.LimitExceeded, await EngineFixture.Refusal(() => engine.Say("x")));
        await engine.Cancel();
    }

    [Fact]
    public async Task Large_commands_that_come_together_are_committed_one_after_the_other()
    {
        await using var engine = new EngineFixture(options: new SessionsOptions { MaxBatchBytes = 1000 });
        await engine.Start(SampleWorkflows.Quick);
        await engine["a"].NextCall();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        engine.Log.HoldAppends(gate.Task);
        var said = Enumerable.Range(0, 20).Select(_ => engine.Say(Words)).ToList();
        engine.Log.Appends.Clear();
        gate.SetResult();
        await Task.WhenAll(said);

        Assert.Equal(20, (await engine.Snapshot()).UserMessages.Count);
        Assert.All(engine.Log.Appends, events => Assert.InRange(events, 1, 2));
        await engine.Cancel();
    }

    [Fact]
    public async Task No_more_sessions_run_than_may()
    {
        await using var engine = new EngineFixture(options: new SessionsOptions { MaxSessions = 1 });
        await engine.Start(SampleWorkflows.Quick, "one");
        var refusal = await Assert.ThrowsAsync<GatewayException>(() => engine.Start(SampleWorkflows.Quick, "two"));
        Assert.Equal(ErrorCode.LimitExceeded, refusal.Code);
        Assert.Contains("Gateway:Sessions:MaxSessions", refusal.Message, StringComparison.Ordinal);
        await engine.Start(SampleWorkflows.Quick, "one");
        Assert.Equal(ErrorCode.UnknownSession, await EngineFixture.Refusal(() => engine.Snapshot("two")));

        await engine.Cancel("one");
        await Wait.Until(() => engine.Host.LiveSessions == 0, "the end of the first");
        await engine.Start(SampleWorkflows.Quick, "two");
        await engine.Cancel("two");
    }

    [Fact]
    public async Task Large_starts_find_no_room_at_three_quarters_and_small_ones_do()
    {
        await using var engine = new EngineFixture(options: new SessionsOptions { MaxMemoryBytes = 4 << 20 });
        await engine.Start(SampleWorkflows.Quick, Large(1_000_000), "one");
        var refusal = await Assert.ThrowsAsync<GatewayException>(() => PatienceEnds(engine, engine.Start(SampleWorkflows.Quick, Large(1_000_000), "two")));
        Assert.Equal(ErrorCode.LimitExceeded, refusal.Code);
        Assert.Contains("Gateway:Sessions:MaxMemoryBytes", refusal.Message, StringComparison.Ordinal);
        Assert.NotNull(refusal.RetryAfter);
        Assert.Equal(ErrorCode.UnknownSession, await EngineFixture.Refusal(() => engine.Snapshot("two")));
        Assert.Equal(ErrorCode.LimitExceeded, await EngineFixture.Refusal(() => PatienceEnds(engine, engine.Say(Large(1_000_000), id: "one"))));

        await engine.Start(SampleWorkflows.Quick, Large(1_000_000), "one");
        await engine.Start(SampleWorkflows.Quick, "small");
        await engine.Say("hello", id: "one");

        var waits = engine.Start(SampleWorkflows.Quick, Large(1_000_000), "three");
        await engine.Cancel("one");
        await waits;
        await engine.Cancel("three");
        await engine.Cancel("small");
        await Wait.Until(() => engine.Host.LiveBytes == 0, "the memory to be given back");
    }

    [Fact]
    public async Task What_sessions_say_and_hear_is_counted()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Quick);
        var before = engine.Host.LiveBytes;
        (await engine["a"].NextCall()).Say(Large(100_000));
        await engine.Published.Seen(e => e is SessionEvent<TokenStream> { Data.Chunk.Length: 100_000 }, "the words");
        await engine.Say(Large(50_000));
        await engine.Pause();
        await engine.Say(Large(50_000) + "!");
        await Wait.Until(() => Math.Abs(engine.Host.LiveBytes - before - 400_000) < 70_000, "the count");
        await engine.Resume();
        await engine.Cancel();
        await Wait.Until(() => engine.Host.LiveBytes == 0, "the memory to be given back");
    }

    [Fact]
    public async Task Sessions_that_wait_for_somebody_make_room_and_come_back()
    {
        await using var engine = new EngineFixture(options: new SessionsOptions { MaxMemoryBytes = 4 << 20 });
        for (var n = 0; n < 10; n++)
        {
            await engine.Start(SampleWorkflows.Gates, Large(1_000_000), $"s{n}");
            await engine.Published.Seen(e => e.SessionId == $"s{n}" && e is SessionEvent<ExecutionPaused>, "the wait for an answer");
        }

        Assert.InRange(engine.Host.LiveBytes, 1, 4 << 20);
        for (var n = 0; n < 10; n++) await engine.Say("yes", promptId: "first", id: $"s{n}");
        Assert.InRange(engine.Host.LiveBytes, 1, 4 << 20);
        for (var n = 0; n < 10; n++) await engine.Cancel($"s{n}");
        await Wait.Until(() => engine.Host.LiveBytes == 0, "the memory to be given back");
    }

    [Fact]
    public async Task A_session_that_finds_no_room_to_come_back_can_be_cancelled()
    {
        await using var engine = new EngineFixture(options: new SessionsOptions { MaxMemoryBytes = 4 << 20 });
        await engine.Start(SampleWorkflows.Gates, Large(1_000_000), "waits");
        await engine.Published.Seen(e => e is SessionEvent<ExecutionPaused>, "the wait for an answer");
        await engine.Start(SampleWorkflows.Quick, Large(1_000_000), "runs");
        Assert.Equal(ErrorCode.LimitExceeded, await EngineFixture.Refusal(() => PatienceEnds(engine, engine.Say("yes", promptId: "first", id: "waits"))));
        await engine.Cancel("waits");
        Assert.Equal(SessionStatus.Cancelled, (await engine.Snapshot("waits")).Status);
        await engine.Cancel("runs");
    }

    [Theory]
    [InlineData("MaxHeldBytes", "0", "Gateway:Sessions:MaxHeldBytes: must be from 1 to 8388608, not 0.")]
    [InlineData("MaxHeldBytes", "8388609", "Gateway:Sessions:MaxHeldBytes: must be from 1 to 8388608, not 8388609.")]
    [InlineData("MaxConversationBytes", "268435457", "Gateway:Sessions:MaxConversationBytes: must be from 1 to 268435456, not 268435457.")]
    [InlineData("MaxBatchBytes", "67108865", "Gateway:Sessions:MaxBatchBytes: must be from 1 to 67108864, not 67108865.")]
    [InlineData("MaxMemoryBytes", "1048575", "Gateway:Sessions:MaxMemoryBytes: must be 1048576 or more, not 1048575.")]
    [InlineData("MaxCachedSnapshotBytes", "-1", "Gateway:Sessions:MaxCachedSnapshotBytes: must be 0 or more, not -1.")]
    [InlineData("MaxSessions", "0", "Gateway:Sessions:MaxSessions: must be 1 or more, not 0.")]
    [InlineData("MaxInterruptions", "0", "Gateway:Sessions:MaxInterruptions: must be 1 or more, not 0.")]
    [InlineData("MaxCalls", "0", "Gateway:Sessions:MaxCalls: must be 1 or more, not 0.")]
    [InlineData("MaxCallsPerModel", "0", "Gateway:Sessions:MaxCallsPerModel: must be 1 or more, not 0.")]
    public void A_setting_out_of_its_range_is_told(string setting, string value, string sentence) =>
        Assert.Equal([sentence], SettingAttributeTests.Failures(SessionsOptions.Section, new SessionsOptionsValidator(), (setting, value)));

    [Fact]
    public void The_usual_and_the_greatest_values_are_good()
    {
        Assert.Empty(SettingAttributeTests.Failures(SessionsOptions.Section, new SessionsOptionsValidator()));
        Assert.Empty(SettingAttributeTests.Failures(SessionsOptions.Section, new SessionsOptionsValidator(), ("MaxHeldBytes", "8388608"), ("MaxConversationBytes", "268435456"), ("MaxBatchBytes", "67108864")));
    }

    [Fact]
    public void As_many_of_the_shortest_words_as_may_be_held_join_within_the_steps_of_a_decision()
    {
        const long Most = 8 * 1024 * 1024;
        var state = new SessionState(Play.HeaderOf(SampleWorkflows.Quick), OwnKinds.TestKinds.All);
        var batch = new EventBatch(state, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        Scheduler.Decide(batch, new EngineInput.Start());
        Scheduler.Decide(batch, new EngineInput.Command(new PauseSession()));
        var bounds = new ConversationBounds(long.MaxValue, Most);
        while (state.HeldBytes + ConversationBounds.PerMessage < Most) Scheduler.Decide(batch, new EngineInput.Command(new UserInput { Content = "x", Remark = true }, Bounds: bounds));

        Scheduler.Decide(batch, new EngineInput.Command(new ResumeSession()));
        Assert.Empty(state.HeldInputs);
        Assert.InRange(state.Steps.Taken, 1, StepBudget.Limit * 2 / 3);
    }

    private static string Large(int characters) => new('x', characters);

    private static async Task PatienceEnds(EngineFixture engine, Task waiting)
    {
        await Wait.Until(
            () =>
            {
                engine.Time.Advance(TimeSpan.FromSeconds(1));
                return waiting.IsCompleted;
            },
            "the end of the patience");
        await waiting;
    }
}
