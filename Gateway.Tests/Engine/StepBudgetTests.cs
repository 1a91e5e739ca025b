using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>What a decision may cost: its size, and never a core.</summary>
public class StepBudgetTests
{
    private static readonly DateTime Now = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    [Theory]
    [InlineData(NodeType.Parallel, 2, 499)]
    [InlineData(NodeType.Parallel, 30, 33)]
    [InlineData(NodeType.Agent, 1, 998)]
    [InlineData(NodeType.Parallel, 1, 998)]
    [InlineData(NodeType.Agent, 20, 20)]
    [InlineData(NodeType.HumanReview, 20, 20)]
    public void A_session_of_dense_layers_costs_its_nodes_and_edges(string type, int width, int layers)
    {
        var workflow = Layers(type, width, layers);
        var edges = workflow.Nodes!.Values.Sum(node => node.Next?.Count ?? 0);
        var state = new SessionState(Play.HeaderOf(workflow), Engine.OwnKinds.TestKinds.All);
        var (steps, decisions, events) = (0L, 0, 0);
        Decide(new EngineInput.Start());
        while (!state.IsFinal)
        {
            var node = state.Nodes.First(node => node.IsActive);
            Decide(node.Work is null
                ? new EngineInput.Command(new UserInput { Content = "yes", PromptId = node.Prompt!.PromptId })
                : new EngineInput.WorkFinished(node.Id, node.Attempt));
        }

        Assert.Equal(SessionStatus.Completed, state.Status);

        // Each decision looks once at each node; besides, each edge is looked at a few times in the whole session.
        var most = (long)workflow.Nodes.Count * decisions + 6L * edges + StepBudget.Event * events + 10L * workflow.Nodes.Count;
        Assert.InRange(steps, 1, most);

        void Decide(EngineInput input)
        {
            var batch = new EventBatch(state, Now);
            Scheduler.Decide(batch, input);
            steps += state.Steps.Taken;
            decisions++;
            events += batch.Events.Count;
        }
    }

    [Fact]
    public async Task A_decision_that_explodes_ends_its_session_and_no_other()
    {
        await using var engine = new EngineFixture();
        engine.Announce(EngineEvents.SessionTooLarge);
        await engine.Start(SampleWorkflows.Quick, "other");
        await engine.Start(SampleWorkflows.Of(("start", NodeType.Start, ["x"]), ("x", OwnKinds.Endless.TypeName, ["end"]), ("end", NodeType.End, [])));

        Assert.Equal(SessionStatus.Failed, (await engine.End()).Status);
        Assert.Equal(ErrorCode.LimitExceeded, (await engine.Snapshot()).ErrorCode);
        (await engine["a"].NextCall()).Say("tea").End();
        Assert.Equal("tea", (await engine.End("other")).Output);
    }

    private static WorkflowDefinition Layers(string type, int width, int layers)
    {
        var nodes = new List<(string, string, string[])> { ("start", NodeType.Start, ["fork"]), ("fork", NodeType.Parallel, Ids(0)) };
        for (var layer = 0; layer < layers; layer++) nodes.AddRange(Ids(layer).Select(id => (id, type, layer + 1 < layers ? Ids(layer + 1) : ["end"])));
        nodes.Add(("end", NodeType.End, []));
        return SampleWorkflows.Of([.. nodes]);

        string[] Ids(int layer) => [.. Enumerable.Range(0, width).Select(n => $"n{layer}-{n}")];
    }
}
