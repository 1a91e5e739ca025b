using System.Text.Json;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>The clocks of nodes: they live in the log, stand still in a pause, and ring once.</summary>
public class ClockTests
{
    private static readonly DateTime Begin = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
    private static readonly WorkflowDefinition Waits = Of("""{"remind_in":"10m","expires_in":"1h"}""");

    // Sessions that do not leave the memory.
    private static readonly SessionsOptions Patient = new() { IdleTimeout = TimeSpan.FromDays(1) };

    private static readonly (int Seconds, EngineInput Input)[] Steps =
    [
        (0, new EngineInput.Start()),
        (60, new EngineInput.Command(new PauseSession())),
        (600, new EngineInput.Command(new ResumeSession())),
        (1141, new EngineInput.TimePassed()),
        (1142, new EngineInput.TimePassed()),
        (4200, new EngineInput.TimePassed()),
    ];

    private readonly List<SessionEvent> _events = [];
    private SessionState _state = new(Play.HeaderOf(Waits), TestKinds.All);

    private string Story => string.Join("; ", _events.Select(Short).OfType<string>());

    [Fact]
    public void A_clock_rings_once_at_its_time_and_not_before()
    {
        Decide(0, new EngineInput.Start());
        Decide(10 * 60 - 1, new EngineInput.TimePassed());
        Assert.Equal("runs; asks Well?; waits", Story);
        Decide(10 * 60 + 1, new EngineInput.TimePassed());
        Decide(10 * 60 + 2, new EngineInput.TimePassed());
        Assert.Equal("runs; asks Well?; waits; runs; asks Are you still there?; waits", Story);
        Decide(60 * 60 + 1, new EngineInput.TimePassed());
        Assert.EndsWith("runs; error expired; failed", Story, StringComparison.Ordinal);
        Assert.Equal(SessionStatus.Failed, _state.Status);
    }

    [Fact]
    public void A_time_that_is_noticed_late_says_how_late_it_is()
    {
        Decide(0, new EngineInput.Start());
        Decide(24 * 60 * 60, new EngineInput.TimePassed());
        Assert.Equal("runs; asks Well?; waits; runs; error expired; failed", Story);
    }

    [Fact]
    public void A_clock_stands_still_while_the_session_is_paused()
    {
        Decide(0, new EngineInput.Start());
        Decide(5 * 60, new EngineInput.Command(new PauseSession()));
        Decide(50 * 60, new EngineInput.TimePassed());
        Assert.Null(_state.Standing.WakeAt);
        Decide(60 * 60, new EngineInput.Command(new ResumeSession()));
        Assert.Equal(Begin.AddMinutes(65), _state.Standing.WakeAt!.Value, TimeSpan.FromSeconds(1));
        Decide(64 * 60, new EngineInput.TimePassed());
        Assert.DoesNotContain("still there", Story, StringComparison.Ordinal);
        Decide(65 * 60 + 1, new EngineInput.TimePassed());
        Assert.Contains("still there", Story, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_stops_it_and_the_time_for_which_the_store_failed_does_not_count()
    {
        var workflow = Of("""{"expires_in":"10m"}""", agentFirst: true);
        _state = new SessionState(Play.HeaderOf(workflow), TestKinds.All);
        Decide(0, new EngineInput.Start());
        Decide(60, new EngineInput.WorkFinished("a", 1));
        Decide(61, new EngineInput.Command(new UserInput { Content = "yes" }));
        Assert.Null(_state.NextDue);
        Decide(100_000, new EngineInput.TimePassed());
        Assert.Equal(SessionStatus.Completed, _state.Status);

        _state = new SessionState(Play.HeaderOf(workflow), TestKinds.All);
        Decide(0, new EngineInput.Start());
        Decide(3600, new EngineInput.StorageReturned(Begin.AddSeconds(10)));
        Assert.InRange(_state.Clock, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10.001));
    }

    [Fact]
    public void After_a_crash_at_any_append_it_rings_as_if_there_had_been_none()
    {
        var whole = new ClockTests();
        whole.Go(crashAfter: -1);
        for (var crash = 0; crash < Steps.Length; crash++)
        {
            var crashed = new ClockTests();
            crashed.Go(crash);
            Assert.Equal(whole.Story, crashed.Story);
            Assert.Equal(whole._events.Select(e => e.Timestamp), crashed._events.Select(e => e.Timestamp));
        }
    }

    [Fact]
    public async Task A_session_in_memory_wakes_by_itself()
    {
        await using var engine = new EngineFixture(options: Patient);
        await engine.Start(Waits);
        await engine.Published.Seen(e => e is SessionEvent<ExecutionPaused>, "the wait");
        engine.Time.Advance(TimeSpan.FromMinutes(11));
        await engine.Published.Seen(e => e is SessionEvent<NodeStateChange> { Data.Prompt.Text: "Are you still there?" }, "the reminder");
        engine.Time.Advance(TimeSpan.FromMinutes(50));
        Assert.Equal(SessionStatus.Failed, (await engine.End()).Status);
        Assert.Equal(1, engine.Story().Count(e => e == "error wait expired"));
    }

    [Fact]
    public async Task A_session_that_left_the_memory_is_woken()
    {
        await using var engine = new EngineFixture();
        await engine.Waker.StartedAsync(CancellationToken.None);
        await engine.Start(Of("""{"expires_in":"7d"}"""));
        await Leave(engine);
        engine.Time.Advance(TimeSpan.FromDays(3));
        engine.Time.Advance(TimeSpan.FromDays(3));
        Assert.Equal(0, engine.Host.LiveSessions);
        engine.Time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(SessionStatus.Failed, (await engine.End()).Status);
    }

    [Fact]
    public async Task A_session_of_an_earlier_process_is_woken_and_one_that_is_late_at_once()
    {
        var log = new FaultyLog();
        await using (var before = new EngineFixture(log))
        {
            await before.Start(Of("""{"expires_in":"5m"}"""), "early");
            await before.Start(Of("""{"expires_in":"2h"}"""), "late");
            await before.Start(Of("""{"expires_in":"2h"}"""), "paused");
            await before.Pause("paused");
        }

        await using var after = new EngineFixture(log);
        after.Time.Advance(TimeSpan.FromHours(1));
        await after.Host.RecoverAsync(CancellationToken.None);
        Assert.Equal(0, after.Host.LiveSessions);
        await after.Waker.StartedAsync(CancellationToken.None);
        Assert.Equal(SessionStatus.Failed, (await after.End("early")).Status);
        Assert.Empty(after.Story("late"));
        after.Time.Advance(TimeSpan.FromHours(2));
        await after.End("late");
        Assert.Empty(after.Story("paused"));
    }

    [Fact]
    public async Task An_answer_after_the_time_is_too_late_although_nobody_was_there_to_ring()
    {
        var log = new FaultyLog();
        await using (var before = new EngineFixture(log)) await before.Start(Of("""{"expires_in":"5m"}"""));
        await using var after = new EngineFixture(log);
        after.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(ErrorCode.SessionFinished, await EngineFixture.Refusal(() => after.Say("yes", promptId: "wait")));
        Assert.Equal(SessionStatus.Failed, (await after.Snapshot()).Status);
    }

    [Fact]
    public async Task A_review_reminds_and_expires_with_the_time_that_a_pause_has_left()
    {
        await using var engine = new EngineFixture();
        await engine.Waker.StartedAsync(CancellationToken.None);
        var review = new NodeDefinition { Type = NodeType.HumanReview, Prompt = "Good?", Next = ["end"], With = JsonElement.Parse("""{"remind_in":"1h","expires_in":"3h","on_expiry":"approve"}""") };
        await engine.Start(SampleWorkflows.Gates with { Nodes = new Dictionary<string, NodeDefinition> { ["start"] = new() { Type = NodeType.Start, Next = ["review"] }, ["review"] = review, ["end"] = new() { Type = NodeType.End } } });
        await engine.Published.Seen(e => e is SessionEvent<ExecutionPaused>, "the wait");
        engine.Time.Advance(TimeSpan.FromMinutes(30));
        await engine.Pause();
        engine.Time.Advance(TimeSpan.FromDays(2));
        await engine.Resume();
        var expires = engine.Time.GetUtcNow().UtcDateTime.AddMinutes(150);
        Assert.Equal(expires, (await engine.Snapshot()).Nodes["review"].Prompt!.ExpiresAt!.Value, TimeSpan.FromSeconds(1));
        engine.Time.Advance(TimeSpan.FromMinutes(29));
        Assert.DoesNotContain(engine.Published.Of("s"), e => e is SessionEvent<NodeStateChange> { Data.Prompt.Reminder: true });
        engine.Time.Advance(TimeSpan.FromMinutes(2));
        await engine.Published.Seen(e => e is SessionEvent<NodeStateChange> { Data.Prompt.Reminder: true }, "the reminder");
        engine.Time.Advance(TimeSpan.FromMinutes(118));
        Assert.Equal(SessionStatus.Paused, (await engine.Snapshot()).Status);
        engine.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(SessionStatus.Completed, (await engine.End()).Status);
        Assert.Single(engine.Story(), e => e == "error review prompt_expired");
        Assert.Single(engine.Published.Of("s"), e => e is SessionEvent<NodeStateChange> { Data.Prompt.Reminder: true });
    }

    [Fact]
    public async Task A_store_that_fails_when_the_time_comes_delays_it()
    {
        await using var engine = new EngineFixture(options: Patient);
        engine.Announce(EngineEvents.StorageFailed);
        await engine.Start(Waits);
        await engine.Published.Seen(e => e is SessionEvent<ExecutionPaused>, "the wait");
        engine.Log.Break("s");
        engine.Time.Advance(TimeSpan.FromMinutes(11));
        await Wait.For(engine.Log.Failed("s"), "the append that fails");
        await Wait.Until(() => engine.Host.NeedsStorage, "the hold of the session");
        engine.Log.Mend("s");
        await engine.Host.StorageReturnedAsync(CancellationToken.None);
        await engine.Published.Seen(e => e is SessionEvent<NodeStateChange> { Data.Prompt.Text: "Are you still there?" }, "the reminder");
        Assert.Single(engine.Story(), e => e == "error  storage_unavailable");
    }

    private static WorkflowDefinition Of(string with, bool agentFirst = false) => new()
    {
        Id = "patient",
        Agents = new Dictionary<string, AgentDefinition> { ["a"] = new() },
        Nodes = new Dictionary<string, NodeDefinition>
        {
            ["start"] = new() { Type = NodeType.Start, Next = [agentFirst ? "a" : "wait"] },
            ["a"] = new() { Type = NodeType.Agent, Agent = "a", Next = ["wait"] },
            ["wait"] = new() { Type = OwnKinds.Patient.TypeName, With = JsonElement.Parse(with), Next = ["end"], OnError = ErrorPolicy.Fail },
            ["end"] = new() { Type = NodeType.End },
        }.Where(node => agentFirst || node.Key != "a").ToDictionary(),
    };

    private static string? Short(SessionEvent sessionEvent) => sessionEvent switch
    {
        SessionEvent<NodeStateChange> { Data: { NodeId: "wait", Status: NodeStatus.Running } } => "runs",
        SessionEvent<NodeStateChange> { Data: { NodeId: "wait", Status: NodeStatus.Suspended } asked } => $"asks {asked.Prompt!.Text}",
        SessionEvent<NodeStateChange> { Data: { NodeId: "wait", Status: NodeStatus.Failed } } => "failed",
        SessionEvent<ExecutionPaused> { Data.Reason: PauseReason.AwaitingInput } => "waits",
        SessionEvent<ExecutionError> { Data: var error } => $"error {error.Code}",
        _ => null,
    };

    private static Task Leave(EngineFixture engine) => Wait.Until(
        () =>
        {
            engine.Time.Advance(TimeSpan.FromMinutes(2));
            return engine.Host.LiveSessions == 0;
        },
        "the session's leaving");

    // Each step is one append; a crash between two of them loses nothing but the process.
    private void Go(int crashAfter)
    {
        foreach (var (step, (seconds, input)) in Steps.Index())
        {
            if (step == crashAfter)
            {
                _state = Play.Fold(Play.HeaderOf(Waits), _events);
                Decide(seconds, new EngineInput.Recover());
            }

            Decide(seconds, input);
        }
    }

    private void Decide(int seconds, EngineInput input)
    {
        var batch = new EventBatch(_state, Begin.AddSeconds(seconds));
        Scheduler.Decide(batch, input);
        _events.AddRange(batch.Events.Select(e => e.Event));
    }
}
