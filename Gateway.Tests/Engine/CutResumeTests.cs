using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>A resume that releases much is committed in pieces, so that other sessions' commits come in between; wherever it is cut, nothing is lost.</summary>
public class CutResumeTests
{
    private const int Most = 1000;
    private static readonly string Words = new('x', 400);

    [Fact]
    public async Task A_long_resume_is_committed_in_pieces()
    {
        await using var engine = new EngineFixture(options: new SessionsOptions { MaxBatchBytes = Most });
        var call = await HoldAsync(engine);
        engine.Log.Appends.Clear();
        await engine.Resume();

        // Three words are more than a piece takes; the first piece also tells that nodes run.
        Assert.InRange(engine.Log.Appends.Count, 4, 8);
        Assert.All(engine.Log.Appends, events => Assert.InRange(events, 1, 10));
        await EndAsync(engine, call);
    }

    [Fact]
    public async Task A_short_one_is_one_commit()
    {
        await using var engine = new EngineFixture();
        var call = await HoldAsync(engine);
        engine.Log.Appends.Clear();
        await engine.Resume();
        Assert.Single(engine.Log.Appends);
        await EndAsync(engine, call);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_process_that_ends_between_two_pieces_has_lost_nothing(int pieces)
    {
        var log = new FaultyLog();
        await using (var before = new EngineFixture(log)) await HoldAsync(before);

        // What the next process commits of a resume before it ends.
        var entry = (await log.FindAsync("s", CancellationToken.None))!;
        var state = await LogFold.LoadAsync(log.Inner, entry.Header, TestKinds.All, CancellationToken.None);
        var batch = new EventBatch(state, entry.UpdatedAt);
        Scheduler.Decide(batch, new EngineInput.Command(new ResumeSession(), Interrupted: true));
        var cut = batch.Pieces(Most).ToList();
        Assert.Equal(4, cut.Count);
        foreach (var (events, status) in cut.Take(pieces)) await log.Inner.AppendAsync("s", events[0].Seq - 1, events, status, CancellationToken.None);

        await using var after = new EngineFixture(log);
        await after.Host.RecoverAsync(CancellationToken.None);
        await EndAsync(after, await after["a"].NextCall());
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public async Task A_store_that_fails_between_two_pieces_has_lost_nothing(int pieces, bool commits)
    {
        await using var engine = new EngineFixture(options: new SessionsOptions { MaxBatchBytes = Most });
        engine.Announce(EngineEvents.StorageFailed);
        var call = await HoldAsync(engine);
        var appends = 0;
        engine.Log.BeforeAppend = () =>
        {
            if (appends++ == pieces) engine.Log.Break("s");
            return Task.CompletedTask;
        };
        engine.Log.CommitsAllTheSame = commits;
        Assert.Equal(ErrorCode.StorageUnavailable, await EngineFixture.Refusal(() => engine.Resume()));

        engine.Log.Mend("s");
        await engine.Host.StorageReturnedAsync(CancellationToken.None);
        await EndAsync(engine, call);
    }

    [Fact]
    public async Task A_session_that_has_no_memory_between_two_pieces_goes_on_with_the_rest()
    {
        await using var engine = new EngineFixture(options: new SessionsOptions { MaxBatchBytes = Most });
        engine.Announce(EngineEvents.SessionWithoutMemory);
        var call = await HoldAsync(engine);
        var appends = 0;
        engine.Log.BeforeAppend = () => appends++ == 2 ? throw new InsufficientMemoryException() : Task.CompletedTask;
        var resumed = engine.Resume();
        await Assert.ThrowsAsync<Refusals.GatewayException>(() => resumed);
        await Wait.Until(
            () =>
            {
                engine.Time.Advance(TimeSpan.FromSeconds(1));
                return engine.Story().Count(line => line.StartsWith("user: ", StringComparison.Ordinal)) == 10;
            },
            "the words");
        await EndAsync(engine, call);
    }

    [Fact]
    public async Task What_a_model_said_during_the_pause_comes_after_a_long_resume()
    {
        await using var engine = new EngineFixture(options: new SessionsOptions { MaxBatchBytes = Most });
        await engine.Start(SampleWorkflows.Quick);
        var call = await engine["a"].NextCall();
        await engine.Pause();
        for (var n = 0; n < 10; n++) await engine.Remark($"{n}{Words}");
        call.Say("draft").End();

        // Whatever the model's pieces have woken is done by the time a command is.
        await call.Over();
        await engine.Remark("last");
        await engine.Resume();

        Assert.Equal((SessionStatus.Completed, "draft"), ((await engine.End()).Status, (await engine.End()).Output));
    }

    [Fact]
    public async Task A_session_that_only_asks_goes_on_asking_when_the_store_fails_between_two_pieces()
    {
        await using var engine = new EngineFixture(options: new SessionsOptions { MaxBatchBytes = Most });
        engine.Announce(EngineEvents.StorageFailed);
        await engine.Start(SampleWorkflows.Gates);
        await engine.Status("first", NodeStatus.Suspended);
        await engine.Pause();
        for (var n = 0; n < 10; n++) await engine.Remark($"{n}{Words}");
        var appends = 0;
        engine.Log.BeforeAppend = () =>
        {
            if (appends++ == 1) engine.Log.Break("s");
            return Task.CompletedTask;
        };
        Assert.Equal(ErrorCode.StorageUnavailable, await EngineFixture.Refusal(() => engine.Resume()));

        engine.Log.Mend("s");
        await engine.Host.StorageReturnedAsync(CancellationToken.None);
        await Wait.Until(() => engine.Story().Count(line => line.StartsWith("user: ", StringComparison.Ordinal)) == 10, "the words");
        await engine.Say("one", nodeId: "first");
        await engine.Status("second", NodeStatus.Suspended);
        await engine.Say("two", nodeId: "second");
        Assert.Equal((SessionStatus.Completed, "two"), ((await engine.End()).Status, (await engine.End()).Output));
    }

    // A branch at work, two that ask, one of which has been answered, and words to all.
    private static async Task<GatedCall> HoldAsync(EngineFixture engine)
    {
        await engine.Start(SampleWorkflows.ReviewBesideAgent);
        var call = await engine["a"].NextCall();
        await engine.Status("second", NodeStatus.Suspended);
        await engine.Pause();
        for (var n = 0; n < 10; n++)
        {
            await engine.Remark($"{n}{Words}");
            if (n == 5) await engine.Say($"answer {Words}", nodeId: "review");
        }

        return call;
    }

    private static async Task EndAsync(EngineFixture engine, GatedCall call)
    {
        await engine.Say("fine", nodeId: "second");
        call.Say("draft").End();
        var end = await engine.End();
        Assert.Equal(SessionStatus.Completed, end.Status);
        Assert.Equal($"draft\n\nanswer {Words}\n\nfine", end.Output);
        var snapshot = await engine.Snapshot();
        Assert.Equal(Enumerable.Range(0, 10).Select(n => $"{n}{Words}"), snapshot.UserMessages);
        Assert.Empty(snapshot.HeldInputs);
    }
}
