using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>Sessions that wait for somebody: out of memory, and back on demand.</summary>
public class IdleTests
{
    [Fact]
    public async Task A_session_that_waits_leaves_the_memory_and_an_answer_brings_it_back()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Reviewed);
        (await engine["a"].NextCall()).Say("draft").End();
        await engine.Published.Seen(e => e is SessionEvent<ExecutionPaused>, "the wait for an answer");
        await Leave(engine);
        var before = engine.Story();

        Assert.Equal(("review", "draft"), ((await engine.Snapshot()).Nodes["review"].Prompt!.PromptId, (await engine.Snapshot()).Nodes["a"].Text));
        await engine.Resume();
        await engine.Pause();
        await engine.Resume();
        Assert.Equal(before, engine.Story().Take(before.Count));
        await Leave(engine);
        await engine.Say("yes", promptId: "review");
        (await engine["b"].NextCall()).Say("final").End();
        Assert.Equal("final", (await engine.End()).Output);
        Assert.Equal(1, engine["a"].Calls);
    }

    [Fact]
    public async Task Two_answers_to_a_session_that_left_win_once()
    {
        await using var engine = new EngineFixture();
        for (var round = 0; round < 20; round++)
        {
            var id = $"s{round}";
            await engine.Start(SampleWorkflows.Gates, id);
            await Leave(engine);
            var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(n => Task.Run(async () =>
            {
                var refused = await Record.ExceptionAsync(() => engine.Say($"{n}", promptId: "first", id: id));
                return refused is null ? "won" : ((Refusals.GatewayException)refused).Code;
            })));
            Assert.Single(answers, "won");
            Assert.Equal(2, answers.Count(answer => answer == ErrorCode.PromptAnswered));
            await engine.Cancel(id);
        }
    }

    [Fact]
    public async Task A_pause_that_holds_a_call_keeps_it()
    {
        await using var engine = new EngineFixture();
        await engine.Start(SampleWorkflows.Quick);
        var call = await engine["a"].NextCall();
        call.Say("te");
        await engine.Chunk("te");
        await engine.Pause();
        engine.Time.Advance(TimeSpan.FromDays(1));
        await engine.Snapshot();
        Assert.Equal(1, engine.Host.LiveSessions);
        await engine.Resume();
        call.Say("a").End();
        Assert.Equal("tea", (await engine.End()).Output);
        Assert.Equal(1, engine["a"].Calls);
    }

    [Fact]
    public async Task Recovery_leaves_what_waits_for_somebody_in_the_log()
    {
        var log = new FaultyLog();
        await using (var before = new EngineFixture(log))
        {
            await before.Start(SampleWorkflows.Gates, "asks");
            await before.Start(SampleWorkflows.Quick, "paused");
            (await before["a"].NextCall()).Say("te");
            await before.Chunk("te", "paused");
            await before.Pause("paused");
            await before.Say("hello", id: "paused");
            await before.Start(SampleWorkflows.Quick, "runs");
            await before["a"].NextCall();
        }

        await using var after = new EngineFixture(log);
        await after.Host.RecoverAsync(CancellationToken.None);
        (await after["a"].NextCall()).End();
        await after.End("runs");
        await Wait.Until(() => after.Host.LiveSessions == 0, "the end of what ran");
        Assert.Empty(after.Story("asks"));
        Assert.Empty(after.Story("paused"));
        Assert.Equal("hello", Assert.Single((await after.Snapshot("paused")).HeldInputs).Content);
        await after.Resume("paused");
        (await after["a"].NextCall()).End();
        await after.End("paused");
        await after.Say("yes", promptId: "first", id: "asks");
        await after.Cancel("asks");
    }

    private static Task Leave(EngineFixture engine) => Wait.Until(
        () =>
        {
            engine.Time.Advance(TimeSpan.FromMinutes(2));
            return engine.Host.LiveSessions == 0;
        },
        "the session's leaving");
}
