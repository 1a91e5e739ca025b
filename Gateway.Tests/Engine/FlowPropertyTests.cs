using FsCheck;
using FsCheck.Fluent;
using Gateway.Contracts;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Workflows;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>Random graphs with every kind of node, failures, pauses, words of users, crashes; the failing tape is printed and shrunk.</summary>
public class FlowPropertyTests
{
    [Fact]
    public void A_random_flow_is_sound() => ForAll(300, tape =>
    {
        var (workflow, children) = RandomFlow.Write(new Tape(tape));

        // A quorum behind a condition may be one that can never be reached. That is refused, and what the engine makes of it is of interest.
        Assert.All(children.Values.Append(workflow), each => Assert.DoesNotContain(new WorkflowValidator(TestKinds.All.Shapes, TestTools.BuiltIn).Validate(each), problem => !problem.Message.Contains("lower the quorum", StringComparison.Ordinal)));
    });

    [Fact]
    public void Every_run_ends_and_each_step_of_it_follows_from_those_before() => ForAll(700, tape =>
    {
        var play = new Play(tape, build: RandomFlow.Build);
        Assert.IsType<SessionEvent<ExecutionCompleted>>(play.Events[^1]);
        Assert.Single(play.Events.OfType<SessionEvent<ExecutionCompleted>>());
        FlowRules.Check(play.Header.Workflow, play.Events);
    });

    [Fact]
    public void Nodes_end_as_the_reference_says() => ForAll(700, tape =>
    {
        var play = new Play(tape, mayCancel: false, build: RandomFlow.BuildWithoutRaces);
        var expected = FlowReference.Evaluate(play.Header.Workflow, play.Fails);
        var reachesEnd = !expected.IsDoomed && play.Header.Workflow.Nodes!.Any(n => n.Value.Type == NodeType.End && RandomFlow.LoopOf(n.Key) is null && expected.Statuses[n.Key] == NodeStatus.Completed);
        Assert.Equal(reachesEnd ? SessionStatus.Completed : SessionStatus.Failed, play.State.Status);
        if (!reachesEnd) return;
        foreach (var node in play.State.Nodes)
        {
            Assert.True(node.Status == expected.Statuses[node.Id], $"{node.Id} is {node.Status}, expected {expected.Statuses[node.Id]}");
            if (node.Status != NodeStatus.Skipped && expected.Rounds.TryGetValue(node.Id, out var rounds)) Assert.Equal(rounds, node.Round);
        }
    });

    [Fact]
    public void Fold_of_all_equals_fold_of_a_snapshot_and_the_rest() => ForAll(60, tape =>
    {
        var play = new Play(tape, build: RandomFlow.Build);
        var whole = SchedulerPropertyTests.Json(Play.Fold(play.Header, play.Events));
        for (var n = 0; n <= play.Events.Count; n++)
        {
            var restored = SchedulerPropertyTests.Restore(play.Header, Play.Fold(play.Header, play.Events.Take(n)));
            foreach (var sessionEvent in play.Events.Skip(n)) restored.Apply(sessionEvent);
            Assert.Equal(whole, SchedulerPropertyTests.Json(restored));
        }
    });

    [Fact]
    public void A_crash_at_any_append_is_recovered_and_what_was_finished_in_a_round_stays_so() => ForAll(100, tape =>
    {
        var play = new Play(tape, mayCancel: false, build: RandomFlow.Build);
        foreach (var boundary in play.Boundaries.Append(0))
        {
            var events = play.Events.Take((int)boundary).ToList();
            var state = Play.Fold(play.Header, events);
            var rest = Play.FinishFrom(state, play.FailsNow);
            FlowRules.Check(play.Header.Workflow, [.. events, .. rest]);
        }
    });

    private static void ForAll(int cases, Action<byte[]> property)
    {
        var tapes = ArbMap.Default.ArbFor<byte[]>();
        Prop.ForAll(tapes, property).Check(Config.QuickThrowOnFailure.WithMaxTest(cases).WithStartSize(5).WithEndSize(260));
    }
}
