using FsCheck;
using FsCheck.Fluent;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Log;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>Random flows, forked after every event of theirs, also within a decision.</summary>
public sealed class ForkPropertyTests
{
    [Fact]
    public void A_fork_after_any_event_ends_once_by_the_rules_of_the_flow() => ForAll(25, RandomFlow.Build, (play, shared, rest, _) =>
    {
        List<SessionEvent> whole = [.. shared, .. rest];
        Assert.Equal(Enumerable.Range(1, whole.Count).Select(n => (long)n), whole.Select(e => e.Seq));
        Assert.IsType<SessionEvent<ExecutionCompleted>>(Assert.Single(whole, e => e is SessionEvent<ExecutionCompleted>));
        Assert.IsType<SessionEvent<ExecutionCompleted>>(whole[^1]);
        var begins = Assert.IsType<SessionEvent<ExecutionPaused>>(rest[0]).Data;
        Assert.Equal((PauseReason.Forked, (long)shared.Count, shared[^1].Timestamp), (begins.Reason, begins.ForkedFrom!.Seq, begins.Since!.Value));
        AssertFinishedStayFinished(play, shared, rest);
    });

    [Fact]
    public void It_ends_as_the_reference_says() => ForAll(25, RandomFlow.BuildWithoutRaces, AssertEndsAsTheReferenceSays);

    [Theory]
    [InlineData(46, 38, 159, 0, 0, 0, 0, 0, 0, 0, 21)]
    [InlineData(10, 111, 0, 0, 0, 0, 0, 22, 0, 0, 0, 0, 0, 15)]
    public void It_ends_as_the_reference_says_here_too(params int[] tape) => ForkEverywhere([.. tape.Select(choice => (byte)choice)], RandomFlow.BuildWithoutRaces, AssertEndsAsTheReferenceSays);

    [Fact]
    public void So_does_one_with_budgets_and_one_whose_process_ends_at_once() => ForAll(12, RandomBudgets.Build, (play, shared, rest, _) =>
    {
        AssertFinishedStayFinished(play, shared, rest);

        // The first append of the fork is there, and what it began is lost.
        var batch = new EventBatch(Play.Fold(Forked(play, shared.Count), shared), shared[^1].Timestamp);
        Scheduler.Decide(batch, new EngineInput.Recover());
        var state = Play.Fold(Forked(play, shared.Count), [.. shared, .. batch.Events.Select(e => e.Event)]);
        if (!state.IsFinal) Play.FinishFrom(state, play.FailsNow);
        Assert.True(state.IsFinal);
    });

    private static void AssertEndsAsTheReferenceSays(Play play, IReadOnlyList<SessionEvent> shared, IReadOnlyList<SessionEvent> rest, SessionState state)
    {
        var expected = FlowReference.Evaluate(play.Header.Workflow, play.Fails);
        var reachesEnd = !expected.IsDoomed && play.Header.Workflow.Nodes!.Any(n => n.Value.Type == NodeType.End && RandomFlow.LoopOf(n.Key) is null && expected.Statuses[n.Key] == NodeStatus.Completed);
        Assert.Equal(reachesEnd ? SessionStatus.Completed : SessionStatus.Failed, state.Status);
        if (!reachesEnd) return;
        foreach (var node in state.Nodes) Assert.True(node.Status == expected.Statuses[node.Id], $"{node.Id} is {node.Status}, expected {expected.Statuses[node.Id]}");
    }

    // What was over in a round stays as it was, and says nothing more.
    private static void AssertFinishedStayFinished(Play play, IReadOnlyList<SessionEvent> shared, IReadOnlyList<SessionEvent> rest)
    {
        var over = Play.Fold(play.Header, shared).Nodes.Where(node => !node.IsOpen).ToDictionary(node => node.Id, node => node.Iteration);
        foreach (var sessionEvent in rest)
        {
            if (sessionEvent.NodeId is not { } id || !over.TryGetValue(id, out var iteration)) continue;
            var now = sessionEvent switch
            {
                SessionEvent<NodeStateChange> { Data: var change } => change.Iteration,
                SessionEvent<TokenStream> { Data: var said } => said.Iteration,
                _ => int.MaxValue,
            };
            Assert.True((now ?? 1) > iteration, $"{sessionEvent.Event} of {id} at {sessionEvent.Seq}, after it was over in round {iteration}");
        }
    }

    private static SessionHeader Forked(Play play, long seq) => play.Header with { SessionId = "s", ForkedFrom = new SessionOrigin { SessionId = "other", Seq = seq } };

    private static void ForAll(int cases, Func<Tape, WorkflowDefinition> build, Action<Play, IReadOnlyList<SessionEvent>, IReadOnlyList<SessionEvent>, SessionState> check)
    {
        var tapes = ArbMap.Default.ArbFor<byte[]>();
        Prop.ForAll(tapes, tape => ForkEverywhere(tape, build, check)).Check(Config.QuickThrowOnFailure.WithMaxTest(cases).WithStartSize(5).WithEndSize(120));
    }

    private static void ForkEverywhere(byte[] tape, Func<Tape, WorkflowDefinition> build, Action<Play, IReadOnlyList<SessionEvent>, IReadOnlyList<SessionEvent>, SessionState> check)
    {
        var play = new Play(tape, mayCancel: false, build: build);
        for (var seq = 1; seq < play.Events.Count; seq++)
        {
            var shared = play.Events.Take(seq).ToList();
            var state = Play.Fold(Forked(play, seq), shared);
            if (state.Nodes.All(node => node.Status == NodeStatus.Pending)) continue;
            try
            {
                check(play, shared, Play.FinishFrom(state, play.FailsNow), state);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Forked after event {seq}, {shared[^1].Event} of {shared[^1].NodeId}: {exception.Message}", exception);
            }
        }
    }
}
