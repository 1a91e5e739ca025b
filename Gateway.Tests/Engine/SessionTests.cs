using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Refusals;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.AI;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>What a session does from its start to its end.</summary>
public class SessionTests
{
    [Fact]
    public async Task A_quick_answer_tells_its_whole_story()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Quick);
        var call = await engine["a"].NextCall();
        call.Send(new TextReasoningContent("Hm.")).Say("Tea", ".").End();
        var end = await engine.End();

        Assert.Equal(
            ["a pending", "end pending", "start running", "start completed", "a running", "a thinks: Hm.", "a: Tea", "a: .", "a usage", "a completed", "end running", "end completed", "session completed"],
            engine.Story());
        Assert.Equal((SessionStatus.Completed, "Tea."), (end.Status, end.Output));
    }

    [Fact]
    public async Task Branches_run_side_by_side_and_the_judge_hears_both()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Debate);
        var a = await engine["a"].NextCall();
        var b = await engine["b"].NextCall();
        b.Say("coffee").End();
        await engine.Status("b", NodeStatus.Completed);
        a.Say("tea").End();
        var judge = await engine["judge"].NextCall();
        judge.Say("both").End();

        Assert.Equal("both", (await engine.End()).Output);
        Assert.Equal(
            ["You are judge.", "# Input\nTea or coffee?\n\n# Agent A\ntea\n\n# Agent B\ncoffee"],
            judge.Messages.Select(m => m.Text));
        Assert.Equal((0.5f, 77), (judge.Options!.Temperature, judge.Options.MaxOutputTokens));
        Assert.Equal("Tea or coffee?", a.Messages[^1].Text);
    }

    [Fact]
    public async Task Pause_stops_in_mid_sentence_and_resume_goes_on_with_the_next_token()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Quick);
        var call = await engine["a"].NextCall();
        call.Say("To", " be");
        await engine.Chunk(" be");
        await engine.Pause();
        for (var read = 0; read < 3; read++) await call.Asked();
        call.Say(" or", " not").End();
        await call.Over();

        // The model has said all; a snapshot goes through the loop, so that it had every chance to show more.
        var paused = await engine.Snapshot();
        Assert.Equal((SessionStatus.Paused, PauseReason.UserRequested, "To be"), (paused.Status, paused.PauseReason, paused.Nodes["a"].Text));
        Assert.Equal("paused user_requested", engine.Story()[^1]);

        await engine.Resume();
        Assert.Equal("To be or not", (await engine.End()).Output);
        var story = engine.Story();
        Assert.Equal(["a: To", "a:  be", "paused user_requested", "a running", "a:  or", "a:  not", "a usage", "a completed"], story.SkipWhile(e => e != "a: To").Take(8));
        Assert.Equal(1, engine["a"].Calls);
    }

    [Fact]
    public async Task Pausing_and_resuming_twice_changes_nothing()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Quick);
        await engine.Resume();
        await engine.Pause();
        await engine.Pause();
        await engine.Resume();
        await engine.Resume();
        (await engine["a"].NextCall()).End();
        await engine.End();

        Assert.Single(engine.Story(), e => e == "paused user_requested");
        Assert.Equal(2, engine.Story().Count(e => e == "a running"));
    }

    [Fact]
    public async Task A_session_paused_from_its_first_moment_calls_no_model()
    {
        var gate = new TaskCompletionSource();
        var log = new FaultyLog();
        await using var engine = new EngineFixture(log);
        log.HoldAppends(gate.Task);
        var start = engine.Start(SampleWorkflows.Quick);
        var pause = engine.Host.SendAsync("s", new PauseSession(), by: null, CancellationToken.None);
        gate.SetResult();
        await start;
        await Wait.For(pause, "the pause");
        await engine.Resume();
        (await engine["a"].NextCall()).End();
        await engine.End();
        Assert.Equal(1, engine["a"].Calls);
    }

    [Fact]
    public async Task Cancel_ends_a_session_and_lets_go_of_its_model()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Debate);
        var a = await engine["a"].NextCall();
        a.Say("te");
        await engine.Chunk("te");
        await engine.Cancel();
        await a.Over();

        Assert.Equal(["a cancelled", "b cancelled", "judge cancelled", "end cancelled", "session cancelled"], engine.Story().TakeLast(5));
        Assert.Null((await engine.End()).Output);
        await engine.Cancel();
        Assert.Equal(ErrorCode.SessionFinished, await EngineFixture.Refusal(() => engine.Pause()));
        Assert.Equal(ErrorCode.SessionFinished, await EngineFixture.Refusal(() => engine.Resume()));
        Assert.Equal(ErrorCode.SessionFinished, await EngineFixture.Refusal(() => engine.Say("hello?")));
        Assert.Equal((SessionStatus.Cancelled, "te"), ((await engine.Snapshot()).Status, (await engine.Snapshot()).Nodes["a"].Text));
    }

    [Fact]
    public async Task A_completed_session_cannot_be_cancelled()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Quick);
        (await engine["a"].NextCall()).End();
        await engine.End();
        Assert.Equal(ErrorCode.SessionFinished, await EngineFixture.Refusal(() => engine.Cancel()));
    }

    [Fact]
    public async Task An_unknown_session_is_refused()
    {
        await using var engine = new EngineFixture();
        Assert.Equal(ErrorCode.UnknownSession, await EngineFixture.Refusal(() => engine.Pause("nope")));
        Assert.Equal(ErrorCode.UnknownSession, await EngineFixture.Refusal(() => engine.Snapshot("nope")));
    }

    [Fact]
    public async Task Starts_of_one_id_in_a_race_start_one_session()
    {
        await using var engine = new EngineFixture();
        await Wait.For(Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => engine.Start(SampleWorkflows.Quick)))), "all starts");
        (await engine["a"].NextCall()).End();
        await engine.End();
        Assert.Equal(1, engine["a"].Calls);
        await engine.Start(SampleWorkflows.Quick);
        Assert.Single(engine.Story(), e => e == "start running");
    }

    [Fact]
    public async Task An_id_with_other_content_is_refused_while_it_runs_and_afterwards()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Quick);
        Task Other() => engine.Host.StartAsync(EngineFixture.Header(SampleWorkflows.Quick, fingerprint: "other"), CancellationToken.None);
        Assert.Equal(ErrorCode.SessionExists, await EngineFixture.Refusal(Other));
        (await engine["a"].NextCall()).End();
        await engine.End();
        Assert.Equal(ErrorCode.SessionExists, await EngineFixture.Refusal(Other));
    }

    [Fact]
    public async Task A_command_that_races_with_the_end_is_answered()
    {
        for (var round = 0; round < 50; round++)
        {
            await using var engine = new EngineFixture();
            await engine.Start(SampleWorkflows.Quick);
            var call = await engine["a"].NextCall();
            var cancel = Task.Run(() => engine.Cancel(), TestContext.Current.CancellationToken);
            call.End();
            try
            {
                await cancel;
            }
            catch (GatewayException refusal)
            {
                Assert.Equal(ErrorCode.SessionFinished, refusal.Code);
            }

            await engine.End();
            Assert.Single(engine.Story(), e => e is "session cancelled" or "session completed");
        }
    }

    [Fact]
    public async Task More_commands_than_can_wait_are_refused()
    {
        var gate = new TaskCompletionSource();
        var log = new FaultyLog();
        await using var engine = new EngineFixture(log);
        await engine.Start(SampleWorkflows.Quick);
        log.HoldAppends(gate.Task);
        var commands = Enumerable.Range(0, 600).Select(n => engine.Host.SendAsync("s", new UserInput { Content = $"{n}" }, by: null, CancellationToken.None)).ToList();
        Assert.Contains(commands, c => c.IsFaulted && c.Exception.InnerException is GatewayException { Code: ErrorCode.LimitExceeded });
        gate.SetResult();
        await Wait.For(Task.WhenAll(commands).ContinueWith(_ => { }, TaskScheduler.Default), "answers to all commands");

        var said = (await engine.Snapshot()).UserMessages;
        Assert.Equal(Enumerable.Range(0, 600).Where(n => commands[n].IsCompletedSuccessfully).Select(n => $"{n}"), said);
        Assert.InRange(said.Count, 256, 599);
    }

    [Fact]
    public async Task The_snapshot_of_a_finished_session_is_the_fold_of_its_log()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Quick);
        (await engine["a"].NextCall()).Say("Tea").End();
        await engine.End();
        var snapshot = await engine.Snapshot();
        Assert.Equal((SessionStatus.Completed, "Tea", "Tea"), (snapshot.Status, snapshot.Output, snapshot.Nodes["a"].Text));
        Assert.Equal(engine.Story().Count, snapshot.LastSeq);
    }

    [Fact]
    public async Task Another_writer_stops_the_session()
    {
        await using var engine = new EngineFixture();
        engine.Announce(EngineEvents.WriterConflict);
        await engine.Start(SampleWorkflows.Quick);
        var call = await engine["a"].NextCall();
        var last = (await engine.Snapshot()).LastSeq;
        var foreign = new SessionEvent<TokenStream> { Seq = last + 1, Timestamp = new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc), Data = new TokenStream { SessionId = "s", AgentId = "user", Chunk = "me too", IsThinking = false } };
        await engine.Log.AppendAsync("s", last, [foreign], SessionStatus.Running, CancellationToken.None);
        call.Say("te");
        await call.Over();
        Assert.Equal(ErrorCode.StorageUnavailable, await EngineFixture.Refusal(() => engine.Pause()));
        Assert.Equal(last + 1, (await engine.Log.FindAsync("s", CancellationToken.None))!.LastSeq);
        Assert.DoesNotContain("a: te", engine.Story());
    }

    [Fact]
    public async Task A_bug_ends_its_session_as_failed_and_no_other()
    {
        await using var engine = new EngineFixture();
        engine.Announce(EngineEvents.SessionBug);
        await engine.Start(SampleWorkflows.Quick, "good");
        var good = await engine["a"].NextCall();
        await engine.Start(SampleWorkflows.Of(("start", NodeType.Start, ["buggy"]), ("buggy", NodeType.Agent, ["end"]), ("end", NodeType.End, [])), "bad");
        Assert.Equal(SessionStatus.Failed, (await engine.End("bad")).Status);
        Assert.Equal(["error  internal_error", "buggy cancelled", "end cancelled", "session failed"], engine.Story("bad").TakeLast(4));
        good.End();
        Assert.Equal(SessionStatus.Completed, (await engine.End("good")).Status);
    }
}
