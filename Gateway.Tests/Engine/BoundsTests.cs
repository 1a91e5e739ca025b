using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Refusals;
using Gateway.Tests.Infrastructure;
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
}
