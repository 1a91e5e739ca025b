using System.Text;
using Gateway.Contracts;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Infrastructure;
using Gateway.Workflows;
using Xunit;

namespace Gateway.Tests.Workflows;

/// <summary>What is wrong with joins, conditions, loops, votes, templates and expressions of a definition.</summary>
public sealed class FlowValidationTests
{
    // A draft that is judged in rounds, then voted on; each row is one change of one node, and one problem.
    [Theory]
    [InlineData("judge", """{"prompt":"{{ nodes.draft.txt }}"}""", "nodes.judge.prompt", "The path 'nodes.draft.txt' leads nowhere: there is text, json, status, error; did you mean 'text'?")]
    [InlineData("judge", """{"prompt":"{{ nodes.drft.text }}"}""", "nodes.judge.prompt", "The path 'nodes.drft.text' leads nowhere: there is no node 'drft'; did you mean 'draft'?")]
    [InlineData("judge", """{"prompt":"{{ inptu }}"}""", "nodes.judge.prompt", "The path 'inptu' leads nowhere: paths begin with input, nodes, loop, conversation; did you mean 'input'?")]
    [InlineData("judge", """{"prompt":"{{ nodes.last.text }}"}""", "nodes.judge.prompt", "The path 'nodes.last.text' leads nowhere: 'last' cannot have run before this node; name one that leads here.")]
    [InlineData("last", """{"prompt":"{{ nodes.last.text }}"}""", "nodes.last.prompt", "The path 'nodes.last.text' leads nowhere: outside of a loop a node cannot read itself.")]
    [InlineData("judge", """{"prompt":"{{ nodes }}"}""", "nodes.judge.prompt", "The path 'nodes' leads nowhere: it needs the name of a node, such as nodes.draft.text.")]
    [InlineData("judge", """{"prompt":"{{ nodes.draft.text"}""", "nodes.judge.prompt", "The '}}' is missing (line 1, character 1 of the template).")]
    [InlineData("judge", """{"when":"nodes.draft.text ="}""", "nodes.judge.when", "'=' compares nothing; write '==' (at character 18).")]
    [InlineData("judge", """{"on_error":"ignore"}""", "nodes.judge.on_error", "'ignore' is none of fail, continue, skip.")]
    [InlineData("judge", """{"join":"some"}""", "nodes.judge.join", "Expected all, any or {quorum: n}.")]
    [InlineData("judge", """{"join":{"quorum":0}}""", "nodes.judge.join", "A quorum is a whole number from 1; write {quorum: 2}.")]
    [InlineData("vote", """{"join":{"quorum":3}}""", "nodes.vote.join", "The node waits for 3 nodes, but only 2 lead to it; lower the quorum, or lead more nodes here.")]
    [InlineData("last", """{"prompt":"{{ loop.round }}"}""", "nodes.last.prompt", "The path 'loop.round' leads nowhere: only a loop and the nodes of its body have rounds.")]
    [InlineData("judge", """{"prompt":"{{ loop.rounds }}"}""", "nodes.judge.prompt", "The path 'loop.rounds' leads nowhere: there is round; did you mean 'round'?")]
    [InlineData("start", """{"when":"true"}""", "nodes.start.when", "The session begins here, so the node has no condition and cannot fail; take the key out.")]
    [InlineData("improve", """{"with":{"body":"draft","max_rounds":0}}""", "nodes.improve.with.max_rounds", "Expected a whole number from 1 to 10000.")]
    [InlineData("improve", """{"with":{"body":"draft","until":"nodes.judge.json.score >"}}""", "nodes.improve.with.until", "The expression ends where a value should stand (at character 25).")]
    [InlineData("improve", """{"with":{"body":"draft","score":"nodes.judge.json.score"}}""", "nodes.improve.with.score", "The score is looked at only with 'exit_on_score'; give it, or take the key out.")]
    [InlineData("improve", """{"with":{"body":"draf"}}""", "nodes.improve.with.body", "There is no node 'draf'; did you mean 'draft'?")]
    [InlineData("vote", """{"with":{"threshold":67}}""", "nodes.vote.with.threshold", "Expected a number above 0 up to 1.")]
    [InlineData("vote", """{"with":{"kind":"majority"}}""", "nodes.vote.with.kind", "Expected one of 'yes_no', 'score'.")]
    [InlineData("vote", """{"with":{"tie":"coin"}}""", "nodes.vote.with.tie", "Expected one of 'approve', 'reject'.")]
    [InlineData("vote", """{"with":{"quorum":0}}""", "nodes.vote.with.quorum", "Expected a whole number from 1.")]
    [InlineData("vote", """{"with":{"quorum":3}}""", "nodes.vote.with.quorum", "The vote needs 3 ballots, but only 2 nodes lead to it; lower the quorum, or lead more nodes here.")]
    [InlineData("way", """{"with":{"when":[],"else":"last"}}""", "nodes.way.with.when", "The list is empty; give it at least one {if, next}.")]
    [InlineData("way", """{"with":{"when":[{"if":"nodes.vote.json.approved"}],"else":"last"}}""", "nodes.way.with.when[0].next", "'next' is missing; name the node that follows when the condition holds.")]
    [InlineData("way", """{"with":{"when":[{"next":"last"}],"else":"last"}}""", "nodes.way.with.when[0].if", "'if' is missing; write a condition such as nodes.score.json.total >= 90.")]
    [InlineData("way", """{"with":{"when":[{"if":"true","next":"last","then":1}],"else":"last"}}""", "nodes.way.with.when[0].then", "Unknown key; the keys here are if, next.")]
    [InlineData("way", """{"with":{"when":[{"if":"true","next":"last"}],"else":"lst"}}""", "nodes.way.with.else", "There is no node 'lst'; did you mean 'last'?")]
    [InlineData("way", """{"next":["last"]}""", "nodes.way.next", "A node of type 'condition' has no 'next'; its ways stand in 'with'.")]
    [InlineData("end", """{"with":{"output":"{{ nodes.nobody.text }}"}}""", "nodes.end.with.output", "The path 'nodes.nobody.text' leads nowhere: there is no node 'nobody'.")]
    public void One_mistake_is_one_problem(string node, string change, string path, string message)
    {
        var workflow = Sound();
        Assert.Empty(TestKinds.Validator.Validate(workflow));
        var changed = Merge(workflow.Nodes![node], Definitions.Of($$"""{"nodes":{"x":{{change}}} }""").Nodes!["x"]);

        var problem = Assert.Single(TestKinds.Validator.Validate(workflow with { Nodes = workflow.Nodes.ToDictionary(n => n.Key, n => n.Key == node ? changed : n.Value) }));

        Assert.Equal(new WorkflowProblem(path, message), problem);
    }

    [Theory]
    [InlineData("judge", "end", new[] { "nodes.judge.next: 'end' stands in no loop, and this node in the body of the loop 'improve'; a body is entered through its loop, and left by leading back to it." })]
    [InlineData("a", "judge", new[] { "nodes.draft.next: 'judge' stands in no loop, and this node in the body of the loop 'improve'; a body is entered through its loop, and left by leading back to it." })]
    [InlineData("a", "fork", new[] { "nodes.a.next: The nodes form a cycle: fork -> a -> fork; only the body of a loop leads back, to its loop." })]
    public void A_way_that_leaves_a_body_or_leads_into_it_is_told(string node, string next, string[] expected)
    {
        var workflow = Sound();
        workflow = workflow with { Nodes = workflow.Nodes!.ToDictionary(n => n.Key, n => n.Key == node ? n.Value with { Next = [next] } : n.Value) };

        var problems = TestKinds.Validator.Validate(workflow).Select(problem => $"{problem.Path}: {problem.Message}").ToList();

        Assert.Subset(problems.ToHashSet(), expected.ToHashSet());
    }

    [Fact]
    public void A_body_that_never_leads_back_and_an_end_within_one_are_told()
    {
        var problems = TestKinds.Validator.Validate(Definitions.Of("""
            {"nodes":{"start":{"type":"start","next":"l"},"l":{"type":"loop","with":{"body":"p"},"next":"end"},
              "p":{"type":"parallel","next":["q","l"]},"q":{"type":"parallel","next":"stop"},"stop":{"type":"end"},"end":{"type":"end"}}}
            """));
        Assert.Equal([new WorkflowProblem("nodes.stop", "A session cannot end in the body of the loop 'l'; lead back to the loop, and end after it.")], problems);

        problems = TestKinds.Validator.Validate(Definitions.Of("""
            {"nodes":{"start":{"type":"start","next":"l"},"l":{"type":"loop","with":{"body":"p"},"next":"end"},
              "p":{"type":"parallel","next":"q"},"q":{"type":"parallel","next":"p"},"end":{"type":"end"}}}
            """));
        Assert.Equal(["nodes.q.next", "nodes.l.with.body"], problems.Select(problem => problem.Path));
    }

    [Fact]
    public void A_problem_in_a_file_has_its_line_and_column()
    {
        var file = WorkflowFileReader.Parse("x.yaml", Encoding.UTF8.GetBytes("""
            agents: { a: {} }
            nodes:
              start: { type: start, next: l }
              l:
                type: loop
                with:
                  body: a
                  until: nodes.a.json.scor >= and
                next: end
              a: { type: agent, agent: a, next: l, join: any, on_error: skip, when: nodes.b.text == 'x' }
              end: { type: end }
            """));
        Assert.Empty(file.Problems);
        var problems = TestKinds.Validator.Validate(file.Workflow!).Select(problem => file.Locate(problem).ToString()).ToList();

        Assert.Equal(
        [
            "x.yaml(8,7): nodes.l.with.until: 'and' stands where a value should stand (at character 25).",
            "x.yaml(10,67): nodes.a.when: The path 'nodes.b.text' leads nowhere: there is no node 'b'.",
        ],
        problems);
    }

    [Fact]
    public void A_thousand_nodes_with_templates_are_checked_in_fifty_milliseconds()
    {
        var nodes = new Dictionary<string, NodeDefinition> { ["start"] = new() { Type = NodeType.Start, Next = [.. Layer(0)] } };
        for (var layer = 0; layer < 49; layer++)
        {
            foreach (var id in Layer(layer))
            {
                nodes.Add(id, new() { Type = NodeType.Parallel, Next = layer == 48 ? ["end"] : [.. Layer(layer + 1)], When = layer == 0 ? null : $"nodes.{Layer(layer - 1)[0]}.text.size + 1 > 0 and input contains 'x'", Join = layer == 0 ? null : System.Text.Json.JsonElement.Parse("""{"quorum":5}""") });
            }
        }

        nodes["start"] = new() { Type = NodeType.Start, Next = ["fork"] };
        nodes.Add("fork", new() { Type = NodeType.Parallel, Next = [.. Layer(0)] });
        nodes.Add("end", new() { Type = NodeType.End });
        var workflow = new WorkflowDefinition { Nodes = nodes };
        Assert.Empty(TestKinds.Validator.Validate(workflow));
        var best = CpuClock.Best(TimeSpan.FromMilliseconds(50), () => TestKinds.Validator.Validate(workflow));

        Assert.True(best < TimeSpan.FromMilliseconds(50), $"took {best}");

        static List<string> Layer(int layer) => [.. Enumerable.Range(0, 20).Select(n => $"n{layer}-{n}")];
    }

    private static NodeDefinition Merge(NodeDefinition node, NodeDefinition change) => node with
    {
        Next = change.Next ?? node.Next,
        Prompt = change.Prompt ?? node.Prompt,
        When = change.When ?? node.When,
        Join = change.Join ?? node.Join,
        OnError = change.OnError ?? node.OnError,
        With = change.With ?? node.With,
    };

    internal static WorkflowDefinition Sound() => Definitions.Of("""
        {"agents":{"a":{}},"nodes":{
          "start":{"type":"start","next":"improve"},
          "improve":{"type":"loop","with":{"body":"draft","until":"nodes.judge.json.score >= 90"},"next":"fork"},
          "draft":{"type":"agent","agent":"a","prompt":"{{ input }} {{ nodes.judge.text }} {{ loop.round }}","next":"judge"},
          "judge":{"type":"agent","agent":"a","prompt":"{{ nodes.draft.text }} {{ nodes.judge.text }}","next":"improve"},
          "fork":{"type":"parallel","next":["a","b"]},
          "a":{"type":"agent","agent":"a","prompt":"{{ nodes.judge.text }}","next":"vote"},"b":{"type":"agent","agent":"a","next":"vote"},
          "vote":{"type":"vote","join":{"quorum":2},"next":"way"},
          "way":{"type":"condition","with":{"when":[{"if":"nodes.vote.json.approved","next":"last"}],"else":"end"}},
          "last":{"type":"agent","agent":"a","next":"end"},
          "end":{"type":"end","with":{"output":"{{ nodes.improve.json.exit }} {{ nodes.last.text | default: 'none' }}"}}}}
        """);
}
