using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Log;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>Snapshots: free for the session, and made once for all who ask.</summary>
public class SnapshotTests
{
    [Fact]
    public async Task Any_number_of_watchers_share_one_snapshot_and_no_command_waits_for_them()
    {
        await using var engine = new EngineFixture();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await engine.Start(SampleWorkflows.Quick);
        var call = await engine["a"].NextCall();
        engine.Log.HoldAppends(gate.Task);
        var pause = engine.Pause();
        var watchers = Enumerable.Range(0, 5000).Select(_ => engine.Snapshot()).ToList();
        gate.SetResult();
        await pause;
        var snapshots = await Task.WhenAll(watchers);

        // Those that asked before and those that asked after the pause had been decided may differ, and nobody else.
        Assert.InRange(snapshots.Distinct(ReferenceEqualityComparer.Instance).Count(), 1, 2);
        Assert.Same(await engine.Snapshot(), await engine.Snapshot());
        await engine.Resume();
        call.Say("tea").End();
        await engine.End();
    }

    [Fact]
    public async Task The_snapshot_of_a_finished_session_is_kept()
    {
        await using var engine = new EngineFixture();
        await Finish(engine, "tea");
        var first = await engine.Snapshot();
        Assert.Same(first, await engine.Snapshot());
        Assert.Equal("tea", first.Output);
    }

    [Fact]
    public async Task The_snapshot_of_a_deleted_session_is_not_shown_for_another()
    {
        await using var engine = new EngineFixture();
        await Finish(engine, "tea");
        await engine.Snapshot();
        await engine.Log.DeleteAsync("s", CancellationToken.None);
        Assert.Equal(ErrorCode.UnknownSession, await EngineFixture.Refusal(() => engine.Snapshot()));
    }

    [Fact]
    public async Task What_is_kept_is_bounded_and_what_is_being_made_is_shared()
    {
        var cache = new SnapshotCache(mostBytes: 40_000);
        var made = 0;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var many = Enumerable.Range(0, 100).Select(_ => Get("shared", 10, gate.Task)).ToList();
        gate.SetResult();
        Assert.Single((await Task.WhenAll(many)).Distinct(ReferenceEqualityComparer.Instance));
        Assert.Equal(1, made);

        for (var n = 0; n < 100; n++) await Get($"s{n}", 1000, Task.CompletedTask);
        Assert.InRange(cache.Bytes, 10_000, 40_000);
        await Get("s99", 1000, Task.CompletedTask);
        Assert.Equal(101, made);
        await Get("s0", 1000, Task.CompletedTask);
        await Get("huge", 100_000, Task.CompletedTask);
        await Get("huge", 100_000, Task.CompletedTask);
        Assert.Equal(104, made);

        Task<SessionSnapshot> Get(string id, int length, Task until) => cache.GetAsync(
            new SessionEntry(() => throw new InvalidOperationException()) { SessionId = id, WorkflowId = "w", Status = SessionStatus.Completed, LastSeq = 1, CreatedAt = DateTime.UnixEpoch, UpdatedAt = DateTime.UnixEpoch },
            async () =>
            {
                Interlocked.Increment(ref made);
                await until;
                return (new SessionSnapshot
                {
                    SessionId = id,
                    WorkflowId = "w",
                    Status = SessionStatus.Completed,
                    LastSeq = 1,
                    CreatedAt = DateTime.UnixEpoch,
                    Nodes = new Dictionary<string, NodeSnapshot>(),
                    UserMessages = [new string('x', length)],
                    HeldInputs = [],
                    Totals = Totals.Zero,
                }, true);
            },
            CancellationToken.None);
    }

    private static async Task Finish(EngineFixture engine, string text)
    {
        await engine.Start(SampleWorkflows.Quick);
        (await engine["a"].NextCall()).Say(text).End();
        await engine.End();
        await Wait.Until(() => engine.Host.LiveSessions == 0, "the session's leaving");
    }
}
