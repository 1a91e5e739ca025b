using System.Text.Json;
using Gateway.Contracts;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Workflows;
using Gateway.Workflows;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>Workflows that are parts of others.</summary>
public sealed class WorkflowNodeTests
{
    private const string Answer = """
        {"id":"answer","agents":{"a":{"name":"Answerer","model":"inner"}},"nodes":{"start":{"type":"start","next":"a"},
          "a":{"type":"agent","agent":"a","next":"check"},
          "check":{"type":"condition","with":{"when":[{"if":"nodes.a.text contains '?'","next":"ask"}],"else":"end"}},
          "ask":{"type":"human_review","prompt":"{{ input }}: {{ nodes.a.text }}","next":"end"},"end":{"type":"end"}}}
        """;

    private const string Around = """
        {"id":"around","agents":{"a":{"model":"outer"},"b":{"model":"last"}},"nodes":{"start":{"type":"start","next":"a"},
          "a":{"type":"agent","agent":"a","next":"part"},"part":{"type":"workflow","with":{"workflow":"answer","input":"About {{ nodes.a.text }}"},"next":"b"},
          "b":{"type":"agent","agent":"b","next":"end"},"end":{"type":"end"}}}
        """;

    [Fact]
    public async Task A_child_runs_in_the_same_session_and_knows_nothing_but_its_input()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Whole(Around, Answer));
        (await engine["outer"].NextCall()).Say("tea").End();
        var inner = await engine["inner"].NextCall();
        Assert.Equal("About tea", inner.Messages[^1].Text);
        inner.Say("Green?").End();
        var asked = ((SessionEvent<NodeStateChange>)await engine.Status("part/ask", NodeStatus.Suspended)).Data.Prompt!;
        Assert.Equal(("part/ask", "About tea: Green?"), (asked.PromptId, asked.Text));
        await engine.Say("Black.");
        var last = await engine["last"].NextCall();
        Assert.Equal("# Input\nTea or coffee?\n\n# a\ntea\n\n# part\nBlack.", last.Messages[^1].Text.Replace("# outer", "# a", StringComparison.Ordinal));
        last.Say("Done.").End();

        Assert.Equal("Done.", (await engine.End()).Output);
        var nodes = (await engine.Snapshot()).Nodes;
        Assert.Equal(["start", "a", "part", "part/start", "part/a", "part/check", "part/ask", "part/end", "b", "end"], nodes.Keys);
        Assert.All(nodes.Values, node => Assert.Equal(NodeStatus.Completed, node.Status));
        Assert.Equal("\"About tea\"", nodes["part"].Given!.Value.GetRawText());
        Assert.Equal(["part/ask"], nodes["part/check"].Next!);
    }

    [Fact]
    public async Task A_child_that_fails_fails_the_node_that_runs_it_and_what_follows_is_for_that_to_say()
    {
        await using var engine = new EngineFixture();
        var child = Answer.Replace("\"agent\":\"a\",\"next\"", "\"agent\":\"a\",\"on_error\":\"fail\",\"next\"", StringComparison.Ordinal);
        var around = Around.Replace("\"type\":\"workflow\"", "\"type\":\"workflow\",\"on_error\":\"continue\"", StringComparison.Ordinal);
        await engine.Start(Whole(around, child));
        (await engine["outer"].NextCall()).Say("tea").End();
        (await engine["inner"].NextCall()).Throw(new HttpRequestException("Gone."));
        (await engine["last"].NextCall()).Say("Done all the same.").End();

        Assert.Equal("Done all the same.", (await engine.End()).Output);
        var nodes = (await engine.Snapshot()).Nodes;
        Assert.Equal((NodeStatus.Failed, "Node 'part/a' has failed, and with it its workflow."), (nodes["part"].Status, nodes["part"].Error));
        Assert.Equal((NodeStatus.Failed, NodeStatus.Cancelled), (nodes["part/a"].Status, nodes["part/end"].Status));
    }

    [Fact]
    public async Task A_child_that_reaches_no_end_fails_its_node()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Whole(Around, Answer));
        (await engine["outer"].NextCall()).Say("tea").End();
        (await engine["inner"].NextCall()).Throw(new HttpRequestException("Gone."));

        Assert.Equal(SessionStatus.Failed, (await engine.End()).Status);
        Assert.Equal("The workflow 'answer' is over, and reached none of its ends.", (await engine.Snapshot()).Nodes["part"].Error);
    }

    [Fact]
    public async Task A_child_in_a_map_is_there_once_for_each_item_and_in_a_loop_once_for_each_round()
    {
        await using var engine = new EngineFixture();
        await engine.Start(Whole("""
            {"id":"t","agents":{"plan":{"model":"plan"}},"nodes":{"start":{"type":"start","next":"plan"},"plan":{"type":"agent","agent":"plan","next":"again"},
              "again":{"type":"loop","with":{"body":"each","max_rounds":2},"next":"end"},
              "each":{"type":"map","with":{"over":"nodes.plan.json","body":"part"},"next":"again"},
              "part":{"type":"workflow","with":{"workflow":"answer","input":{"topic":"{{ item }} {{ loop.round }}","kind":1}},"next":"each"},"end":{"type":"end"}}}
            """, Answer));
        (await engine["plan"].NextCall()).Say("""["a","b"]""").End();
        for (var round = 1; round <= 2; round++)
        {
            var calls = new[] { await engine["inner"].NextCall(), await engine["inner"].NextCall() };
            Assert.Equal([$"topic: a {round}\nkind: 1", $"topic: b {round}\nkind: 1"], calls.Select(call => call.Messages[^1].Text).Order());
            foreach (var call in calls) call.Say(call.Messages[^1].Text[7..10]).End();
        }

        Assert.Equal("a 2\n\nb 2", (await engine.End()).Output);
        Assert.Equal(2, (await engine.Snapshot()).Nodes["part/a[1]"].Iteration);
    }

    [Theory]
    [InlineData("a", "The workflows lead back: a -> b -> c -> a; a workflow is no part of itself.")]
    [InlineData("d", "There is no workflow 'answr', which 'd' names; did you mean 'answer'?")]
    [InlineData("deep0", "The workflows are part of each other more than 5 deep: deep0 -> deep1 -> deep2 -> deep3 -> deep4 -> deep5 -> deep6; put some of them together.")]
    [InlineData("wide0", "With its child workflows the workflow has more than 1000 nodes; make it or them smaller.")]
    public void What_cannot_be_put_in_is_told_with_the_way(string id, string message)
    {
        var known = new Dictionary<string, WorkflowDefinition>
        {
            ["a"] = Of("a", "b"),
            ["b"] = Of("b", "c"),
            ["c"] = Of("c", "a"),
            ["d"] = Of("d", "answr"),
            ["answer"] = Definitions.Of(Answer),
        };
        for (var i = 0; i < 8; i++) known[$"deep{i}"] = Of($"deep{i}", $"deep{i + 1}");
        for (var i = 0; i < 4; i++) known[$"wide{i}"] = Of($"wide{i}", [.. Enumerable.Repeat($"wide{i + 1}", 10)]);
        known["wide4"] = Definitions.Of(Answer);
        var parent = Of("parent", id);
        foreach (var (start, workflow) in new[] { (id, known[id]), (null, parent) })
        {
            var (_, problems) = ChildWorkflows.PutIn(workflow, TestKinds.All.Shapes, known.Keys, known.GetValueOrDefault, start);
            var problem = Assert.Single(problems.Select(problem => problem.Message).Distinct());
            if (start is not null) Assert.Equal(message.Replace(", which 'd' names", string.Empty, StringComparison.Ordinal), problem);
            Assert.All(problems, found => Assert.True(found.Path is "nodes.part0.with.workflow" or "nodes"));
        }
    }

    [Theory]
    [InlineData("""{"workflow":"answer","input":"{{ nodes.nobody.text }}"}""", "nodes.part.with.input", "The path 'nodes.nobody.text' leads nowhere: there is no node 'nobody'.")]
    [InlineData("""{"workflow":"answer","input":{"topic":"{{ nobody }}"}}""", "nodes.part.with.input.topic", "The path 'nobody' leads nowhere: paths begin with input, nodes, loop, conversation.")]
    [InlineData("""{"workflow":"answer","input":5}""", "nodes.part.with.input", "Expected text, a template, or keys with values.")]
    [InlineData("""{"workflow":"answer","entry":"b"}""", "nodes.part.with.entry", "Unknown key 'entry'; the keys here are workflow, input.")]
    [InlineData("{}", "nodes.part.with", "The key 'workflow' is missing; give it text.")]
    public void One_mistake_is_one_problem(string with, string path, string message)
    {
        var around = Definitions.Of(Around);
        var changed = around with { Nodes = around.Nodes!.ToDictionary(node => node.Key, node => node.Key == "part" ? node.Value with { With = JsonElement.Parse(with) } : node.Value) };

        Assert.Contains(new WorkflowProblem(path, message), TestKinds.Validator.Validate(changed));
    }

    private static WorkflowDefinition Of(string id, params string[] children) => new()
    {
        Id = id,
        Nodes = new Dictionary<string, NodeDefinition>
        {
            ["start"] = new() { Type = NodeType.Start, Next = children.Length == 1 ? ["part0"] : ["fork"] },
            ["end"] = new() { Type = NodeType.End },
        }
        .Concat(children.Length == 1 ? [] : [KeyValuePair.Create("fork", new NodeDefinition { Type = NodeType.Parallel, Next = [.. children.Select((_, i) => $"part{i}")] })])
        .Concat(children.Select((child, i) => KeyValuePair.Create($"part{i}", new NodeDefinition { Type = NodeType.Workflow, With = JsonElement.Parse($$"""{"workflow":"{{child}}"}"""), Next = ["end"] })))
        .ToDictionary(),
    };

    internal static WorkflowDefinition Whole(string workflow, params string[] others)
    {
        var known = others.Select(Definitions.Of).ToDictionary(other => other.Id!);
        var parent = Definitions.Of(workflow);
        Assert.Empty(TestKinds.Validator.Validate(parent));
        var (whole, problems) = ChildWorkflows.PutIn(parent, TestKinds.All.Shapes, known.Keys, known.GetValueOrDefault, parent.Id);
        Assert.Empty(problems);
        return whole;
    }
}
