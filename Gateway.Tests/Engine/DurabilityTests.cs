using Gateway.Admission;
using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Tests.Doors.Http;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Infrastructure;
using Gateway.Workflows;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>Stores that fail, processes that end, logs that are damaged.</summary>
public class DurabilityTests
{
    [Fact]
    public async Task A_store_failure_shows_nothing_unlogged_and_loses_nothing()
    {
        await using var engine = new EngineFixture();
        engine.Announce(EngineEvents.StorageFailed);
        await engine.Start(SampleWorkflows.Quick);
        var call = await engine["a"].NextCall();
        call.Say("To");
        await engine.Chunk("To");
        engine.Log.Break("s");
        call.Say(" be", " or");
        Assert.Equal(ErrorCode.StorageUnavailable, await EngineFixture.Refusal(() => engine.Say("hello?")));
        Assert.Equal(ErrorCode.StorageUnavailable, await EngineFixture.Refusal(() => engine.Resume()));
        Assert.Equal("a: To", engine.Story()[^1]);
        Assert.Equal("To", (await engine.Snapshot()).Nodes["a"].Text);
        Assert.Equal((SessionStatus.Paused, PauseReason.StorageUnavailable), await Seen(engine));

        engine.Log.Mend("s");
        await engine.Resume();
        Assert.Equal((SessionStatus.Running, null), await Seen(engine));
        call.Say(" not").End();
        Assert.Equal("To be or not", (await engine.End()).Output);
        Assert.Equal(["a: To", "error  storage_unavailable", "paused storage_unavailable", "a running", "a:  be"], engine.Story().SkipWhile(e => e != "a: To").Take(5));
        Assert.DoesNotContain("user: hello?", engine.Story());
    }

    [Fact]
    public async Task Once_the_store_works_again_a_session_goes_on_by_itself()
    {
        await using var engine = new EngineFixture();
        engine.Announce(EngineEvents.StorageFailed);
        await engine.Start(SampleWorkflows.Quick);
        var call = await engine["a"].NextCall();
        engine.Log.Break("s");
        Assert.Equal(ErrorCode.StorageUnavailable, await EngineFixture.Refusal(() => engine.Say("hello?")));
        Assert.True(engine.Host.NeedsStorage);
        var during = await engine.Snapshot();
        Assert.Equal((SessionStatus.Paused, PauseReason.StorageUnavailable), (during.Status, during.PauseReason));

        engine.Log.Mend("s");
        await engine.Host.StorageReturnedAsync(CancellationToken.None);
        call.Say("To be").End();

        Assert.Equal("To be", (await engine.End()).Output);
        Assert.False(engine.Host.NeedsStorage);
    }

    [Fact]
    public async Task A_users_pause_outlives_a_store_that_failed()
    {
        await using var engine = new EngineFixture();
        engine.Announce(EngineEvents.StorageFailed);
        await engine.Start(SampleWorkflows.Quick);
        var call = await engine["a"].NextCall();
        await engine.Pause();
        engine.Log.Break("s");
        Assert.Equal(ErrorCode.StorageUnavailable, await EngineFixture.Refusal(() => engine.Say("hello?")));

        engine.Log.Mend("s");
        await engine.Host.StorageReturnedAsync(CancellationToken.None);
        await engine.Say("hello!");

        var after = await engine.Snapshot();
        Assert.Equal((SessionStatus.Paused, PauseReason.UserRequested), (after.Status, after.PauseReason));
        Assert.Contains("error  storage_unavailable", engine.Story());
        await engine.Resume();
        call.End();
        await engine.End();
    }

    [Fact]
    public async Task Another_session_goes_on_while_the_store_fails_one()
    {
        await using var engine = new EngineFixture();
        engine.Announce(EngineEvents.StorageFailed);
        await engine.Start(SampleWorkflows.Quick, "one");
        await engine["a"].NextCall();
        await engine.Start(SampleWorkflows.Quick, "two");
        var two = await engine["a"].NextCall();
        engine.Log.Break("one");
        Assert.Equal(ErrorCode.StorageUnavailable, await EngineFixture.Refusal(() => engine.Pause("one")));
        two.End();
        Assert.Equal(SessionStatus.Completed, (await engine.End("two")).Status);
    }

    [Fact]
    public async Task An_append_that_was_committed_after_all_is_published_once()
    {
        await using var engine = new EngineFixture();
        engine.Announce(EngineEvents.StorageFailed);
        await engine.Start(SampleWorkflows.Quick);
        var call = await engine["a"].NextCall();
        engine.Log.CommitsAllTheSame = true;
        engine.Log.Break("s");
        Assert.Equal(ErrorCode.StorageUnavailable, await EngineFixture.Refusal(() => engine.Say("hello")));
        engine.Log.Mend("s");
        await engine.Resume();
        call.End();
        await engine.End();
        Assert.Single(engine.Story(), e => e == "user: hello");
    }

    [Fact]
    public async Task A_start_that_the_store_failed_can_be_repeated()
    {
        await using var engine = new EngineFixture();
        engine.Announce(EngineEvents.StorageFailed);
        engine.Log.Break("s");
        Assert.Equal(ErrorCode.StorageUnavailable, await EngineFixture.Refusal(() => engine.Start(SampleWorkflows.Quick)));
        engine.Log.Mend("s");
        await engine.Start(SampleWorkflows.Quick);
        (await engine["a"].NextCall()).End();
        await engine.End();
        Assert.Equal("a pending", engine.Story()[0]);
    }

    [Fact]
    public async Task After_a_shutdown_only_what_was_in_flight_runs_again()
    {
        var log = new FaultyLog();
        await using (var before = new EngineFixture(log))
        {
            await before.Start(SampleWorkflows.Debate);
            (await before["a"].NextCall()).Say("tea").End();
            await before.Status("a", NodeStatus.Completed);
            var b = await before["b"].NextCall();
            b.Say("cof");
            await before.Chunk("cof");
            await before.Host.StopAsync(TimeSpan.FromSeconds(30));
            await b.Over();
            Assert.Equal("paused shutting_down", before.Story()[^1]);
            Assert.Equal(ErrorCode.ShuttingDown, await EngineFixture.Refusal(() => before.Start(SampleWorkflows.Quick, "new")));
            Assert.Equal(ErrorCode.ShuttingDown, await EngineFixture.Refusal(() => before.Pause()));
        }

        await using var after = new EngineFixture(log);
        await after.Host.RecoverAsync(CancellationToken.None);
        (await after["b"].NextCall()).Say("coffee").End();
        var judge = await after["judge"].NextCall();
        judge.Say("both").End();
        await after.End();
        Assert.Equal("b running 2", after.Story()[0]);
        Assert.Equal(0, after["a"].Calls);
        Assert.EndsWith("# Agent A\ntea\n\n# Agent B\ncoffee", judge.Messages[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_a_user_paused_stays_paused_over_a_restart()
    {
        var log = new FaultyLog();
        await using (var before = new EngineFixture(log))
        {
            await before.Start(SampleWorkflows.Quick);
            (await before["a"].NextCall()).Say("te");
            await before.Chunk("te");
            await before.Pause();
        }

        await using var after = new EngineFixture(log);
        await after.Host.RecoverAsync(CancellationToken.None);
        await after.Say("hello");
        Assert.Equal(0, after["a"].Calls);
        await after.Resume();
        var again = await after["a"].NextCall();
        Assert.EndsWith("# User\nhello", again.Messages[^1].Text, StringComparison.Ordinal);
        again.Say("tea").End();
        Assert.Equal("tea", (await after.End()).Output);
        Assert.Equal(["paused user_requested holds hello", "a running 2", "user: hello", "a: tea"], after.Story().Take(4));
    }

    [Fact]
    public async Task Open_prompts_are_open_again_after_a_restart()
    {
        var log = new FaultyLog();
        await using (var before = new EngineFixture(log))
        {
            await before.Start(SampleWorkflows.Reviewed);
            (await before["a"].NextCall()).End();
            await before.Published.Seen(e => e is SessionEvent<ExecutionPaused>, "the wait for an answer");
        }

        await using var after = new EngineFixture(log);
        await after.Host.RecoverAsync(CancellationToken.None);
        await after.Say("yes", promptId: "review");
        (await after["b"].NextCall()).End();
        Assert.Equal(SessionStatus.Completed, (await after.End()).Status);
    }

    [Fact]
    public async Task A_session_that_was_created_but_never_began_begins_at_recovery()
    {
        var log = new FaultyLog();
        await log.CreateAsync(EngineFixture.Header(SampleWorkflows.Quick), CancellationToken.None);
        await using var engine = new EngineFixture(log);
        await engine.Host.RecoverAsync(CancellationToken.None);
        (await engine["a"].NextCall()).End();
        await engine.End();
        Assert.Equal("a pending", engine.Story()[0]);
    }

    [Fact]
    public async Task A_command_brings_back_a_session_that_recovery_missed()
    {
        var log = new FaultyLog();
        await log.CreateAsync(EngineFixture.Header(SampleWorkflows.Quick), CancellationToken.None);
        await using var engine = new EngineFixture(log);
        await engine.Cancel();
        Assert.Equal(SessionStatus.Cancelled, (await engine.End()).Status);
    }

    [Fact]
    public async Task A_damaged_log_ends_its_session_and_stops_no_other()
    {
        var log = new FaultyLog();
        await log.CreateAsync(EngineFixture.Header(SampleWorkflows.Quick, "bad"), CancellationToken.None);
        await log.CreateAsync(EngineFixture.Header(SampleWorkflows.Quick, "good"), CancellationToken.None);
        log.Damaged.Add("bad");
        await using var engine = new EngineFixture(log);
        engine.Announce(EngineEvents.LogDamaged);
        await engine.Host.RecoverAsync(CancellationToken.None);
        (await engine["a"].NextCall()).End();
        Assert.Equal(SessionStatus.Completed, (await engine.End("good")).Status);
        Assert.Equal(["error  log_damaged", "session failed"], engine.Story("bad"));
        Assert.Equal(SessionStatus.Failed, (await log.FindAsync("bad", CancellationToken.None))!.Status);
        var snapshot = await engine.Snapshot("bad");
        Assert.Equal((SessionStatus.Failed, ErrorCode.LogDamaged, 2L), (snapshot.Status, snapshot.ErrorCode, snapshot.LastSeq));
        Assert.Equal(ErrorCode.SessionFinished, await EngineFixture.Refusal(() => engine.Pause("bad")));
    }

    [Fact]
    public async Task A_session_that_was_interrupted_seldom_goes_on()
    {
        var log = new FaultyLog();
        await using (var before = new EngineFixture(log))
        {
            await before.Start(SampleWorkflows.Debate);
            await before["a"].NextCall();
            await before.Host.StopAsync(TimeSpan.FromSeconds(30));
        }

        // Each of these processes ended before a model could say a word.
        for (var process = 0; process < 2; process++) await log.InterruptAsync("s");
        await using var after = new EngineFixture(log);
        await after.Host.RecoverAsync(CancellationToken.None);
        Assert.Equal((SessionStatus.Running, 0), ((await after.Snapshot()).Status, after["judge"].Calls));
        await after["a"].NextCall();
        await after.Cancel();
        await after.End();
    }

    [Fact]
    public async Task The_brake_of_the_recovery_lets_a_user_try_once_more()
    {
        var log = new FaultyLog();
        await log.CreateAsync(EngineFixture.Header(SampleWorkflows.Debate), CancellationToken.None);
        for (var process = 0; process < 4; process++) await log.InterruptAsync("s");

        await using var after = new EngineFixture(log);
        await after.Host.RecoverAsync(CancellationToken.None);
        Assert.Equal((SessionStatus.Paused, PauseReason.Interrupted), await Seen(after));
        Assert.Equal(0, after["a"].Calls);
        await after.Resume();
        (await after["a"].NextCall()).End();
        (await after["b"].NextCall()).End();
        (await after["judge"].NextCall()).End();
        Assert.Equal(SessionStatus.Completed, (await after.End()).Status);
    }

    [Fact]
    public async Task A_first_append_that_was_committed_although_it_failed_goes_on_by_itself()
    {
        await using var engine = new EngineFixture();
        engine.Announce(EngineEvents.StorageFailed);
        engine.Log.CommitsAllTheSame = true;
        engine.Log.Break("s");
        Assert.Equal(ErrorCode.StorageUnavailable, await EngineFixture.Refusal(() => engine.Start(SampleWorkflows.Quick)));

        engine.Log.Mend("s");
        await engine.Host.StorageReturnedAsync(CancellationToken.None);
        (await engine["a"].NextCall()).Say("tea").End();
        Assert.Equal("tea", (await engine.End()).Output);
        Assert.False(engine.Host.NeedsStorage);
    }

    [Fact]
    public async Task A_session_without_memory_rests_and_goes_on()
    {
        await using var engine = new EngineFixture();
        engine.Announce(EngineEvents.SessionWithoutMemory);
        await engine.Start(SampleWorkflows.Quick);
        var call = await engine["a"].NextCall();
        call.Say("To");
        await engine.Chunk("To");
        engine.Log.Fault = new InsufficientMemoryException();
        call.Say(" be");
        await Wait.Until(() => engine.LogTexts.Any(text => text.Contains("got no memory", StringComparison.Ordinal)), "the rest");
        engine.Log.Fault = null;
        call.End();
        await Wait.Until(
            () =>
            {
                engine.Time.Advance(TimeSpan.FromSeconds(1));
                return engine.Story()[^1] == "session completed";
            },
            "the end");
        Assert.Equal("To be", (await engine.End()).Output);
    }

    [Fact]
    public async Task A_session_that_a_bug_has_stopped_can_be_cancelled()
    {
        await using var engine = new EngineFixture();
        engine.Announce(EngineEvents.SessionBug);
        engine.Announce(EngineEvents.SessionCannotFail);
        await engine.Start(SampleWorkflows.Quick);
        var call = await engine["a"].NextCall();
        engine.Log.Fault = new InvalidOperationException("a bug");
        call.Say("To");
        await Wait.Until(() => engine.LogTexts.Any(text => text.Contains("could not be ended", StringComparison.Ordinal)), "the bug");
        engine.Log.Fault = null;
        Assert.Equal(ErrorCode.InternalError, await EngineFixture.Refusal(() => engine.Pause()));
        await engine.Cancel();
        Assert.Equal(SessionStatus.Cancelled, (await engine.End()).Status);
        Assert.Equal(ErrorCode.SessionFinished, await EngineFixture.Refusal(() => engine.Pause()));
        Assert.Equal(0, engine.Host.LiveSessions);
        await DeleteAsync(engine);
    }

    [Fact]
    public async Task Nothing_of_a_session_is_at_work_before_its_first_event_is_logged()
    {
        // So a process that ends before that was not ended by what the session does, and need not count it as an interruption.
        var log = new FaultyLog();
        await log.CreateAsync(EngineFixture.Header(SampleWorkflows.Debate), CancellationToken.None);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        log.BeforeAppend = async () =>
        {
            asked.TrySetResult();
            await gate.Task;
        };
        await using var engine = new EngineFixture(log);
        await engine.Host.RecoverAsync(CancellationToken.None);
        await Wait.For(asked.Task, "the first append");
        Assert.Equal((0, 0, 0), (engine["a"].Calls, engine["b"].Calls, engine.Story().Count));

        gate.SetResult();
        (await engine["a"].NextCall()).End();
        (await engine["b"].NextCall()).End();
        await engine.Cancel();
    }

    [Fact]
    public async Task A_session_with_a_node_that_nobody_has_can_be_cancelled()
    {
        var log = new FaultyLog();
        await log.CreateAsync(EngineFixture.Header(SampleWorkflows.Of(("start", NodeType.Start, ["x"]), ("x", "nobodys", ["end"]), ("end", NodeType.End, []))), CancellationToken.None);
        await using var engine = new EngineFixture(log);
        Assert.Equal(ErrorCode.InvalidWorkflow, await EngineFixture.Refusal(() => engine.Pause()));
        await engine.Cancel();
        Assert.Equal(SessionStatus.Cancelled, (await log.FindAsync("s", CancellationToken.None))!.Status);
        await DeleteAsync(engine);
    }

    [Fact]
    public async Task Stopping_twice_and_without_sessions_is_fine()
    {
        await using var engine = new EngineFixture();
        await engine.Host.StopAsync(TimeSpan.FromSeconds(30));
        await engine.Host.StopAsync(TimeSpan.FromSeconds(30));
    }

    // As the room for commands does it.
    private static async Task DeleteAsync(EngineFixture engine)
    {
        var deleted = new DeletedSessions();
        var room = new SessionCommands(engine.Host, engine.Log, [deleted], deleted, new StartResolver(new FakeWorkflowCatalog(), engine.Models, new InlineWorkflow(TestKinds.Validator)), engine.Time);
        await room.DeleteAsync(Caller.Anonymous, "s", CancellationToken.None);
        Assert.Equal(ErrorCode.UnknownSession, await EngineFixture.Refusal(() => engine.Snapshot()));
        Assert.Equal(ErrorCode.UnknownSession, await EngineFixture.Refusal(() => engine.Cancel()));
        Assert.Equal(0, engine.Host.LiveSessions);
    }

    private static async Task<(string Status, string? Reason)> Seen(EngineFixture engine)
    {
        var snapshot = await engine.Snapshot();
        return (snapshot.Status, snapshot.PauseReason);
    }
}
