using System.Net;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Gateway.Tests.Log;
using Microsoft.Extensions.AI;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>A second gateway on the file of the first: every session goes on where it was.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly GatedModels _models = new();

    private string File => _folder.At("gateway.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Session_that_a_user_paused_stays_paused_and_resumes()
    {
        await using (var gateway = await Gateways.StartAsync(File, _models))
        {
            await gateway.StartSessionAsync("s-1", SampleWorkflows.Quick);
            (await _models["a"].NextCall()).Say("lost");
            await using var raw = await Watching.RawAsync(gateway, "s-1");
            await raw.UntilAsync<TokenStream>();
            Assert.Equal(HttpStatusCode.OK, await gateway.CommandAsync("s-1", "pause"));
        }

        await using (var gateway = await Gateways.StartAsync(File, _models))
        {
            var paused = await gateway.SnapshotAsync("s-1");
            Assert.Equal((SessionStatus.Paused, PauseReason.UserRequested), (paused.Status, paused.PauseReason));
            Assert.Equal(1, _models["a"].Calls);

            await using var raw = await Watching.RawAsync(gateway, "s-1", paused.LastSeq);
            Assert.Equal(HttpStatusCode.OK, await gateway.CommandAsync("s-1", "resume"));
            (await _models["a"].NextCall()).Say("again").End();
            var first = await raw.NextAsync();
            Assert.Equal(2, Assert.IsType<SessionEvent<NodeStateChange>>(first).Data.Attempt);
            await raw.UntilAsync<ExecutionCompleted>();
            Assert.Equal("again", (await gateway.SnapshotAsync("s-1")).Output);
        }
    }

    [Fact]
    public async Task Session_that_the_shutdown_paused_goes_on_by_itself()
    {
        long seen;
        await using (var gateway = await Gateways.StartAsync(File, _models))
        {
            await gateway.StartSessionAsync("s-1", SampleWorkflows.Quick);
            (await _models["a"].NextCall()).Say("lost");
            await using var raw = await Watching.RawAsync(gateway, "s-1");
            seen = (await raw.UntilAsync<TokenStream>()).Seq;
        }

        await using (var gateway = await Gateways.StartAsync(File, _models))
        {
            (await _models["a"].NextCall()).Say("again").End();
            await using var hub = await Watching.HubAsync(gateway, "s-1", seen);
            Assert.Equal(PauseReason.ShuttingDown, (await hub.UntilAsync<ExecutionPaused>()).Data.Reason);
            await hub.UntilAsync<ExecutionCompleted>();
            Assert.Equal("again", (await gateway.SnapshotAsync("s-1")).Output);
        }
    }

    [Fact]
    public async Task Client_that_resumes_after_a_crash_sees_the_new_attempt_and_nothing_else_of_it()
    {
        long seen;
        using (var log = SqliteLogs.Open(File))
        {
            var store = new FaultyLog(log);
            await using var gateway = await Gateways.StartAsync(store, _models);
            gateway.Log.Announce("is held: its log cannot be used");
            await gateway.StartSessionAsync("s-1", SampleWorkflows.Debate);
            (await _models["a"].NextCall()).Say("whole").End();
            await using var raw = await Watching.RawAsync(gateway, "s-1");
            await raw.UntilAsync<NodeStateChange>(change => change is { NodeId: "a", Status: NodeStatus.Completed });
            (await _models["b"].NextCall()).Say("half");
            seen = (await raw.UntilAsync<TokenStream>()).Seq;

            // The shutdown cannot be logged: the file is left as a crash leaves it.
            store.Break("s-1", "The machine is about to crash.");
        }

        await using (var gateway = await Gateways.StartAsync(File, _models))
        {
            (await _models["b"].NextCall()).Say("again").End();
            (await _models["judge"].NextCall()).Say("judged").End();
            await using var raw = await Watching.RawAsync(gateway, "s-1", seen);
            await raw.UntilAsync<ExecutionCompleted>();

            var reset = Assert.IsType<SessionEvent<NodeStateChange>>(raw.Events[0]).Data;
            Assert.Equal(("b", NodeStatus.Running, 2), (reset.NodeId, reset.Status, reset.Attempt));
            Assert.Equal("againjudged", raw.Text);
            Assert.Equal([2], raw.Events.OfType<SessionEvent<NodeStateChange>>().Where(change => change.Data.Status == NodeStatus.Running && change.Data.NodeId == "b").Select(change => change.Data.Attempt!.Value));
            Assert.DoesNotContain(raw.Events, e => e is SessionEvent<ExecutionPaused> or SessionEvent<ExecutionError> || e.NodeId == "a");
            Assert.Equal((1, 2, 1), (_models["a"].Calls, _models["b"].Calls, _models["judge"].Calls));
        }
    }

    [Fact]
    public async Task Open_prompt_is_open_again_and_totals_continue()
    {
        await using (var gateway = await Gateways.StartAsync(File, _models))
        {
            await gateway.StartSessionAsync("s-1", SampleWorkflows.Reviewed);
            (await _models["a"].NextCall()).Say("draft").Send(Usage(100, 10)).End();
            await using var raw = await Watching.RawAsync(gateway, "s-1");
            await raw.UntilAsync<ExecutionPaused>(paused => paused.Reason == PauseReason.AwaitingInput);
        }

        await using (var gateway = await Gateways.StartAsync(File, _models))
        {
            var waiting = await gateway.SnapshotAsync("s-1");
            Assert.Equal(("draft", 100L), (waiting.Nodes["a"].Text, waiting.Totals.InputTokens));
            var prompt = Assert.IsType<Prompt>(waiting.Nodes["review"].Prompt);
            Assert.Equal(HttpStatusCode.OK, await gateway.SayAsync("s-1", "Fine.", prompt.PromptId));

            var call = await _models["b"].NextCall();
            Assert.Contains("draft", call.Messages[^1].Text, StringComparison.Ordinal);
            call.Say("final").Send(Usage(200, 20)).End();
            await using var raw = await Watching.RawAsync(gateway, "s-1");
            var end = await raw.UntilAsync<ExecutionCompleted>();
            Assert.Equal(new Totals { InputTokens = 300, OutputTokens = 30, EstimatedCostUsd = 0.0006m, CostKnown = end.Data.Totals.CostKnown }, end.Data.Totals with { Nodes = null, Agents = null });
            Assert.Equal([("a", 100L), ("b", 200L)], end.Data.Totals.Nodes!.OrderBy(node => node.Key, StringComparer.Ordinal).Select(node => (node.Key, node.Value.InputTokens)));
            Assert.Equal(1, _models["a"].Calls);
        }
    }

    [Fact]
    public async Task Editing_a_workflow_file_changes_only_sessions_that_start_later()
    {
        var workflows = Directory.CreateDirectory(_folder.At("workflows")).FullName;
        var settings = new Dictionary<string, string?> { ["Gateway:WorkflowsPath"] = workflows };
        await WriteAsync("before", "review");
        await using (var gateway = await Gateways.StartAsync(File, _models, settings))
        {
            await gateway.StartWorkflowAsync("old", "edited");
            await using var raw = await Watching.RawAsync(gateway, "old");
            await raw.UntilAsync<ExecutionPaused>(paused => paused.Reason == PauseReason.AwaitingInput);
        }

        await WriteAsync("after", "check");
        await using (var gateway = await Gateways.StartAsync(File, _models, settings))
        {
            Assert.Equal(HttpStatusCode.OK, await gateway.SayAsync("old", "Fine.", "review"));
            var old = await _models["a"].NextCall();
            Assert.Contains(old.Messages, message => message.Text == "before");
            old.Say("done").End();
            await using var raw = await Watching.RawAsync(gateway, "old");
            await raw.UntilAsync<ExecutionCompleted>();

            await gateway.StartWorkflowAsync("new", "edited");
            Assert.Equal(HttpStatusCode.OK, await gateway.SayAsync("new", "Fine.", "check"));
            var call = await _models["a"].NextCall();
            Assert.Contains(call.Messages, message => message.Text == "after");
        }

        Task WriteAsync(string instructions, string reviewNode) => System.IO.File.WriteAllTextAsync(Path.Combine(workflows, "edited.yaml"), $"""
            id: edited
            agents:
              writer:
                instructions: {instructions}
                model: a
            nodes:
              start: {"{"} type: start, next: {reviewNode} {"}"}
              {reviewNode}: {"{"} type: human_review, prompt: "Good?", next: write {"}"}
              write: {"{"} type: agent, agent: writer, next: end {"}"}
              end: {"{"} type: end {"}"}
            """);
    }

    [Fact]
    public async Task Finished_sessions_are_listed_a_page_at_a_time_and_replayed_from_any_seq()
    {
        List<SessionEvent> all;
        await using (var gateway = await Gateways.StartAsync(File, _models))
        {
            for (var i = 1; i <= 5; i++)
            {
                await gateway.StartSessionAsync($"done-{i}", SampleWorkflows.Quick);
                (await _models["a"].NextCall()).Say("one ", "two ", "three").End();
                await using var raw = await Watching.RawAsync(gateway, $"done-{i}");
                await raw.UntilAsync<ExecutionCompleted>();
            }

            await gateway.StartSessionAsync("cancelled", SampleWorkflows.Quick);
            await gateway.CommandAsync("cancelled", "cancel");
            await gateway.StartSessionAsync("paused", SampleWorkflows.Quick);
            await gateway.CommandAsync("paused", "pause");
            await using var whole = await Watching.RawAsync(gateway, "done-3");
            await whole.UntilAsync<ExecutionCompleted>();
            all = [.. whole.Events];
        }

        await using (var gateway = await Gateways.StartAsync(File, _models))
        {
            var pages = new List<IReadOnlyList<string>>();
            string? cursor = null;
            do
            {
                var page = await gateway.ListAsync($"limit=2&status=completed{(cursor is null ? string.Empty : $"&cursor={Uri.EscapeDataString(cursor)}")}");
                pages.Add([.. page.Sessions.Select(session => session.SessionId)]);
                cursor = page.NextCursor;
            }
            while (cursor is not null);
            Assert.Equal<IReadOnlyList<string>>([["done-5", "done-4"], ["done-3", "done-2"], ["done-1"]], pages);
            Assert.Equal("cancelled", Assert.Single((await gateway.ListAsync("status=cancelled")).Sessions).SessionId);
            Assert.Equal("paused", Assert.Single((await gateway.ListAsync("status=paused")).Sessions).SessionId);
            Assert.Equal(7, (await gateway.ListAsync(string.Empty)).Sessions.Count);

            for (var seq = 0; seq < all.Count; seq++)
            {
                await using var raw = await Watching.RawAsync(gateway, "done-3", seq);
                await using var hub = await Watching.HubAsync(gateway, "done-3", seq);
                await raw.UntilAsync<ExecutionCompleted>();
                await hub.UntilAsync<ExecutionCompleted>();
                Assert.Equal(all.Skip(seq).Select(Recording.FrameOf), raw.Events.Select(Recording.FrameOf));
                Assert.Equal(all.Skip(seq).Select(Recording.FrameOf), hub.Events.Select(Recording.FrameOf));
            }
        }
    }

    private static UsageContent Usage(long input, long output) => new(new UsageDetails { InputTokenCount = input, OutputTokenCount = output });
}
