using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Log;
using Gateway.Tests.Engine.OwnKinds;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>Random graphs, failures, pauses, words of users, cancels, crashes; the failing tape is printed and shrunk.</summary>
public class SchedulerPropertyTests
{
    [Fact]
    public void Every_session_ends_exactly_once() => ForAll(500, tape =>
    {
        var events = new Play(tape).Events;
        Assert.IsType<SessionEvent<ExecutionCompleted>>(events[^1]);
        Assert.Single(events.OfType<SessionEvent<ExecutionCompleted>>());
        Assert.Equal(Enumerable.Range(1, events.Count).Select(n => (long)n), events.Select(e => e.Seq));
        Assert.All(events.Zip(events.Skip(1)), pair => Assert.True(pair.First.Timestamp < pair.Second.Timestamp));
        Assert.All(events, e => Assert.Equal(DateTimeKind.Utc, e.Timestamp.Kind));
    });

    [Fact]
    public void A_node_starts_once_and_never_runs_after_it_ended() => ForAll(500, tape =>
    {
        var started = new HashSet<string>();
        var last = new Dictionary<string, NodeStateChange>();
        var paused = false;
        foreach (var sessionEvent in new Play(tape).Events)
        {
            if (sessionEvent is SessionEvent<ExecutionPaused>) paused = true;
            if (sessionEvent is not SessionEvent<NodeStateChange> { Data: var change }) continue;
            if (change.Status == NodeStatus.Running)
            {
                switch (last.GetValueOrDefault(change.NodeId)?.Status)
                {
                    case null or NodeStatus.Pending: Assert.True(started.Add(change.NodeId), $"{change.NodeId} started twice"); break;
                    case NodeStatus.Running: Assert.True(paused || change.Attempt > (last[change.NodeId].Attempt ?? 1), $"{change.NodeId} runs again without a pause or a new attempt"); break;
                    case var status: Assert.Equal(NodeStatus.Suspended, status); break;
                }
            }
            else if (last.TryGetValue(change.NodeId, out var before))
            {
                Assert.Contains(before.Status, new[] { NodeStatus.Pending, NodeStatus.Running, NodeStatus.Suspended });
            }

            last[change.NodeId] = change;
        }
    });

    [Fact]
    public void No_token_appears_between_a_pause_and_the_next_running() => ForAll(500, tape =>
    {
        var paused = false;
        foreach (var sessionEvent in new Play(tape).Events)
        {
            if (sessionEvent is SessionEvent<ExecutionPaused>) paused = true;
            if (sessionEvent is SessionEvent<NodeStateChange> { Data.Status: NodeStatus.Running }) paused = false;
            Assert.False(paused && sessionEvent is SessionEvent<TokenStream>, $"A token at {sessionEvent.Seq} while paused");
        }
    });

    [Fact]
    public void A_node_speaks_only_while_it_runs() => ForAll(500, tape =>
    {
        var running = new HashSet<string>();
        foreach (var sessionEvent in new Play(tape).Events)
        {
            switch (sessionEvent)
            {
                case SessionEvent<NodeStateChange> { Data: { Status: NodeStatus.Running } change }: running.Add(change.NodeId); break;
                case SessionEvent<NodeStateChange> { Data: var change }: running.Remove(change.NodeId); break;
                case SessionEvent<TokenStream> or SessionEvent<TokenUsage> or SessionEvent<ParallelStart> when sessionEvent.NodeId is { } node: Assert.Contains(node, running); break;
            }
        }
    });

    [Fact]
    public void Branches_start_after_their_parallel_start() => ForAll(500, tape =>
    {
        var play = new Play(tape);
        foreach (var fork in play.Events.OfType<SessionEvent<ParallelStart>>())
        {
            var branches = play.Header.Workflow.Nodes![fork.NodeId!].Next!;
            Assert.Equal(branches, fork.Data.Branches);

            // A join of a host's own may start from another of the nodes before it.
            var waiting = branches.Where(id => play.Header.Workflow.Nodes[id].Type != WaitForAllTokens.TypeName).ToList();
            Assert.DoesNotContain(play.Events.TakeWhile(e => e != fork), e => e is SessionEvent<NodeStateChange> { Data.Status: NodeStatus.Running } change && waiting.Contains(change.Data.NodeId));
        }
    });

    [Fact]
    public void Nodes_end_as_the_reference_says() => ForAll(1000, tape =>
    {
        var play = new Play(tape, mayCancel: false);
        var expected = Reference.Evaluate(play.Header.Workflow, play.Fails);
        var reachesEnd = play.Header.Workflow.Nodes!.Any(n => n.Value.Type == NodeType.End && expected[n.Key] == NodeStatus.Completed);
        Assert.Equal(reachesEnd ? SessionStatus.Completed : SessionStatus.Failed, play.State.Status);

        // A session that cannot reach its end any more stops what is still at work.
        foreach (var node in play.State.Nodes) Assert.True(node.Status == expected[node.Id] || (!reachesEnd && node.Status == NodeStatus.Cancelled), $"{node.Id} is {node.Status}, expected {expected[node.Id]}");
    });

    [Fact]
    public void Words_that_were_acknowledged_appear_once_and_in_order() => ForAll(500, tape =>
    {
        var play = new Play(tape);
        var shown = play.Events.OfType<SessionEvent<TokenStream>>().Where(e => e.Data.AgentId == TokenStream.UserAgentId).Select(e => Play.Plain(e.Data.Chunk)).ToList();
        Assert.Equal(shown, play.Said.Take(shown.Count));

        // Only what was said to a session that then ended without going on is missing.
        Assert.Equal(play.State.HeldInputs.Select(h => Play.Plain(h.Content)), play.Said.Skip(shown.Count));
        if (play.State.Status == SessionStatus.Completed) Assert.Empty(play.State.HeldInputs);
    });

    [Fact]
    public void Fold_of_all_equals_fold_of_a_snapshot_and_the_rest() => ForAll(150, tape =>
    {
        var play = new Play(tape);
        var whole = Json(Play.Fold(play.Header, play.Events));
        for (var n = 0; n <= play.Events.Count; n++)
        {
            var restored = Restore(play.Header, Play.Fold(play.Header, play.Events.Take(n)));
            Assert.Equal(n, restored.LastSeq);
            foreach (var sessionEvent in play.Events.Skip(n)) restored.Apply(sessionEvent);
            Assert.Equal(whole, Json(restored));
        }
    });

    [Fact]
    public void Merging_the_chunks_of_finished_nodes_changes_no_fold() => ForAll(300, tape =>
    {
        var play = new Play(tape);
        Assert.Equal(Json(Play.Fold(play.Header, play.Events)), Json(Play.Fold(play.Header, Merge(play.Events))));
    });

    [Fact]
    public void A_crash_at_any_append_is_recovered_and_finished_nodes_stay_finished() => ForAll(150, tape =>
    {
        var play = new Play(tape, mayCancel: false);
        var expected = Reference.Evaluate(play.Header.Workflow, play.Fails);
        foreach (var boundary in play.Boundaries.Append(0))
        {
            var state = Play.Fold(play.Header, play.Events.Take((int)boundary));
            var before = state.Nodes.ToDictionary(n => n.Id, n => n.Status);
            var text = state.Nodes.ToDictionary(n => n.Id, n => n.Text.ToString());
            var rest = Play.FinishFrom(state, play.FailsNow);
            foreach (var node in state.Nodes)
            {
                if (before[node.Id] is NodeStatus.Pending or NodeStatus.Running or NodeStatus.Suspended) continue;
                Assert.DoesNotContain(rest, e => e is SessionEvent<NodeStateChange> && e.NodeId == node.Id);
                Assert.Equal(text[node.Id], node.Text.ToString());
            }

            foreach (var node in state.Nodes) Assert.True(node.Status == expected[node.Id] || node.Status == NodeStatus.Cancelled, $"After a crash at {boundary} {node.Id} is {node.Status}");
            Assert.Equal(play.State.Status, state.Status);
        }
    });

    [Fact]
    public void A_session_that_is_interrupted_time_after_time_comes_to_rest() => ForAll(150, tape =>
    {
        var play = new Play(tape, mayCancel: false);
        foreach (var boundary in play.Boundaries.Append(0))
        {
            var events = play.Events.Take((int)boundary).ToList();
            var state = Play.Fold(play.Header, events);
            for (var crash = 0; crash < 5 && !state.IsFinal; crash++)
            {
                state = Play.Fold(play.Header, events);
                var batch = new EventBatch(state, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));
                Scheduler.Decide(batch, new EngineInput.Recover(3));

                // What it says before it is interrupted again is lost with its attempt, and so does not count.
                foreach (var node in state.Nodes.Where(node => node.Work is not null).ToList()) Scheduler.Decide(batch, new EngineInput.Chunk(node.Id, node.Attempt, "again ", IsThinking: false, node.Iteration));
                events.AddRange(batch.Events.Select(e => e.Event));
            }

            Assert.True(state.IsFinal || state.Status == SessionStatus.Paused, $"Interrupted five times after event {boundary}, it still runs");
        }
    });

    // As the log's compaction may do it: one event at the place of the last chunk, for each node, attempt and kind.
    private static List<SessionEvent> Merge(List<SessionEvent> events)
    {
        var merged = new List<SessionEvent>();
        var runs = new Dictionary<(string, bool), List<SessionEvent<TokenStream>>>();
        foreach (var sessionEvent in events)
        {
            if (sessionEvent is SessionEvent<TokenStream> { NodeId: not null, Data.Tool: null } chunk)
            {
                var key = (chunk.NodeId!, chunk.Data.IsThinking);
                if (!runs.TryGetValue(key, out var run)) runs.Add(key, run = []);
                run.Add(chunk);
                continue;
            }

            // Whatever is about the node ends its runs.
            foreach (var key in runs.Keys.Where(key => key.Item1 == sessionEvent.NodeId || sessionEvent.NodeId is null).ToList())
            {
                var run = runs[key];
                runs.Remove(key);
                merged.Add(run[^1] with { MergedFrom = run[0].Seq, Data = run[^1].Data with { Chunk = string.Concat(run.Select(c => c.Data.Chunk)) } });
            }

            merged.Add(sessionEvent);
        }

        return [.. merged.OrderBy(e => e.Seq)];
    }

    internal static SessionState Restore(SessionHeader header, SessionState state) =>
        SessionState.FromSnapshot(header, TestKinds.All, JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(state.ToSnapshot(), ContractsJson.Wire.SessionSnapshot), ContractsJson.Wire.SessionSnapshot)!);

    internal static string Json(SessionState state) => JsonSerializer.Serialize(state.ToSnapshot(), ContractsJson.Wire.SessionSnapshot);

    private static void ForAll(int cases, Action<byte[]> property)
    {
        var tapes = ArbMap.Default.ArbFor<byte[]>();
        Prop.ForAll(tapes, property).Check(Config.QuickThrowOnFailure.WithMaxTest(cases).WithStartSize(5).WithEndSize(220));
    }
}
