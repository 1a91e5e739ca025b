using System.Diagnostics;
using Gateway.Contracts;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Workflows;
using Xunit;

namespace Gateway.Tests.Workflows;

public sealed class WorkflowValidatorTests
{
    private const string IdForm = "an id has 1 to 64 characters, each a letter A-Z or a-z, a digit, '-' or '_'.";
    private const string Types = "start, agent, parallel, condition, loop, map, workflow, vote, tool, human_review, end";

    [Fact]
    public void A_sound_workflow_has_no_problem()
    {
        Assert.Empty(TestKinds.Validator.Validate(Definitions.Debate()));
    }

    [Fact]
    public void An_agent_needs_no_instructions_and_a_workflow_no_id()
    {
        var workflow = Definitions.Of("""{"agents":{"a":{}},"nodes":{"s":{"type":"start","next":"x"},"x":{"type":"agent","agent":"a","next":"e"},"e":{"type":"end"}}}""");

        Assert.Empty(TestKinds.Validator.Validate(workflow));
    }

    // Every row is one mistake in a sound workflow: where it is reported, and with which words.
    [Theory]
    [InlineData("""{"id":"a b"}""", "id", $"'a b' is not an id; {IdForm}")]
    [InlineData("""{"id":""}""", "id", $"'' is not an id; {IdForm}")]
    [InlineData("""{"id":"a\u0000"}""", "id", $"'a?' is not an id; {IdForm}")]
    [InlineData("""{"nodes":null}""", "nodes", "There are no nodes; a workflow has at least a 'start' and an 'end' node.")]
    [InlineData("""{"nodes":{}}""", "nodes", "There are no nodes; a workflow has at least a 'start' and an 'end' node.")]
    [InlineData("""{"agents":{"user":{}}}""", "agents.user", "The agent id 'user' is reserved for what users say; choose another id.")]
    [InlineData("""{"agents":{"ä":{}}}""", "agents.ä", $"'ä' is not an id; {IdForm}")]
    [InlineData("""{"agents":{"extra":null}}""", "agents.extra", "The agent is empty; give it at least 'instructions', or {}.")]
    [InlineData("""{"agents":{"extra":{"temperature":2.1}}}""", "agents.extra.temperature", "The temperature is a number from 0 to 2.")]
    [InlineData("""{"agents":{"extra":{"temperature":-0.1}}}""", "agents.extra.temperature", "The temperature is a number from 0 to 2.")]
    [InlineData("""{"agents":{"extra":{"max_output_tokens":0}}}""", "agents.extra.max_output_tokens", "The limit of output tokens is at least 1; leave it out for the model's own.")]
    [InlineData("""{"nodes":{"affirmative":{"agent":null}}}""", "nodes.affirmative.agent", "The agent is missing; name one of 'agents'.")]
    [InlineData("""{"nodes":{"affirmative":{"agent":"defendor"}}}""", "nodes.affirmative.agent", "There is no agent 'defendor'; did you mean 'defender'?")]
    [InlineData("""{"nodes":{"affirmative":{"agent":"nobody"}}}""", "nodes.affirmative.agent", "There is no agent 'nobody'.")]
    [InlineData("""{"nodes":{"affirmative":{"type":"agnet"}}}""", "nodes.affirmative.type", $"Unknown type 'agnet'; the types are {Types}; did you mean 'agent'?")]
    [InlineData("""{"nodes":{"affirmative":{"type":"subflow"}}}""", "nodes.affirmative.type", $"Unknown type 'subflow'; the types are {Types}.")]
    [InlineData("""{"nodes":{"affirmative":{"type":null}}}""", "nodes.affirmative.type", $"The type is missing; it is one of {Types}.")]
    [InlineData("""{"nodes":{"affirmative":{"next":"adjudicater"}}}""", "nodes.affirmative.next", "There is no node 'adjudicater'; did you mean 'adjudicator'?")]
    [InlineData("""{"nodes":{"affirmative":{"next":"nowhere"}}}""", "nodes.affirmative.next", "There is no node 'nowhere'.")]
    [InlineData("""{"nodes":{"debate":{"next":["affirmative","negativ","negative"]}}}""", "nodes.debate.next[1]", "There is no node 'negativ'; did you mean 'negative'?")]
    [InlineData("""{"nodes":{"debate":{"next":["affirmative","negative","negative"]}}}""", "nodes.debate.next[2]", "'negative' is named twice; a node follows another once.")]
    [InlineData("""{"nodes":{"debate":{"next":["affirmative","negative",""]}}}""", "nodes.debate.next[2]", "The entry is empty; name a node.")]
    [InlineData("""{"nodes":{"affirmative":{"next":null}}}""", "nodes.affirmative.next", "'next' is missing; name the node that follows.")]
    [InlineData("""{"nodes":{"affirmative":{"next":[]}}}""", "nodes.affirmative.next", "'next' is missing; name the node that follows.")]
    [InlineData("""{"nodes":{"affirmative":{"next":["adjudicator","end"]}}}""", "nodes.affirmative.next", "Only a node of type 'parallel' has several 'next'; put one in between.")]
    [InlineData("""{"nodes":{"end":{"next":"adjudicator"}}}""", "nodes.end.next", "A node of type 'end' has no 'next'; the session ends there.")]
    [InlineData("""{"nodes":{"debate":{"next":["affirmative","negative","start"]}}}""", "nodes.debate.next[2]", "'start' is the start; nothing leads back to it.")]
    [InlineData("""{"nodes":{"debate":{"agent":"defender"}}}""", "nodes.debate.agent", "A node of type 'parallel' has no agent; take it out, or make the node one of type 'agent'.")]
    [InlineData("""{"nodes":{"debate":{"prompt":"?"}}}""", "nodes.debate.prompt", "A node of type 'parallel' has no prompt; take it out, or make the node one of type 'agent' or 'human_review'.")]
    [InlineData("""{"nodes":{"affirmative":{"type":"human_review","agent":null}}}""", "nodes.affirmative.prompt", "The prompt is missing; say what the node asks the user.")]
    [InlineData("""{"nodes":{"affirmative":{"type":"human_review","agent":null,"prompt":" "}}}""", "nodes.affirmative.prompt", "The prompt is missing; say what the node asks the user.")]
    [InlineData("""{"nodes":{"island":{"type":"agent","agent":"defender","next":"end"}}}""", "nodes.island", "No way leads here from the start; name it in a 'next', or take it out.")]
    [InlineData("""{"nodes":{"second":{"type":"start","next":"debate"}}}""", "nodes.second", "A second node of type 'start', after 'start'; a session begins at exactly one.")]
    public void One_mistake_is_one_problem(string change, string path, string message)
    {
        var problem = Assert.Single(TestKinds.Validator.Validate(Definitions.Debate(change)));

        Assert.Equal(new WorkflowProblem(path, message), problem);
    }

    [Fact]
    public void A_node_without_content_is_a_problem()
    {
        var problems = TestKinds.Validator.Validate(Definitions.Debate("""{"nodes":{"extra":null}}"""));

        Assert.Equal(
        [
            new WorkflowProblem("nodes.extra", $"The node is empty; give it a 'type', one of {Types}."),
            new WorkflowProblem("nodes.extra", "No way leads here from the start; name it in a 'next', or take it out."),
        ],
        problems);
    }

    [Fact]
    public void A_workflow_without_start_or_end_says_both()
    {
        var problems = TestKinds.Validator.Validate(Definitions.Of("""{"nodes":{"a":{"type":"parallel","next":"b"},"b":{"type":"parallel","next":"a"}}}"""));

        Assert.Equal(
        [
            new WorkflowProblem("nodes", "There is no node of type 'start'; a session begins at exactly one."),
            new WorkflowProblem("nodes", "There is no node of type 'end'; a session ends where one is reached."),
            new WorkflowProblem("nodes.b.next", "The nodes form a cycle: a -> b -> a; only the body of a loop leads back, to its loop."),
        ],
        problems);
    }

    [Fact]
    public void A_cycle_is_shown_and_what_it_traps()
    {
        var problems = TestKinds.Validator.Validate(Definitions.Debate("""{"nodes":{"negative":{"next":"review"},"review":{"type":"human_review","prompt":"?","next":"negative"}}}"""));

        Assert.Equal(
        [
            new WorkflowProblem("nodes.review.next", "The nodes form a cycle: negative -> review -> negative; only the body of a loop leads back, to its loop."),
            new WorkflowProblem("nodes.negative", "No way leads from here to a node of type 'end'; a session could never end."),
            new WorkflowProblem("nodes.review", "No way leads from here to a node of type 'end'; a session could never end."),
        ],
        problems);
    }

    [Fact]
    public void Every_cycle_is_reported_also_a_node_that_follows_itself()
    {
        var problems = TestKinds.Validator.Validate(Definitions.Debate("""{"nodes":{"debate":{"next":["affirmative","negative","debate"]},"adjudicator":{"type":"parallel","agent":null,"next":["debate","end"]}}}"""));

        Assert.Equal(
        [
            new WorkflowProblem("nodes.adjudicator.next[0]", "The nodes form a cycle: debate -> affirmative -> adjudicator -> debate; only the body of a loop leads back, to its loop."),
            new WorkflowProblem("nodes.debate.next[2]", "The nodes form a cycle: debate -> debate; only the body of a loop leads back, to its loop."),
        ],
        problems);
    }

    [Fact]
    public void A_guessed_name_makes_no_cycle()
    {
        // 'debat' is closest to 'debate', which comes before; nobody wrote that cycle.
        var problem = Assert.Single(TestKinds.Validator.Validate(Definitions.Debate("""{"nodes":{"affirmative":{"next":"debat"}}}""")));

        Assert.Equal("There is no node 'debat'; did you mean 'debate'?", problem.Message);
    }

    [Fact]
    public void Problems_of_all_parts_are_reported_together()
    {
        var problems = TestKinds.Validator.Validate(Definitions.Debate(
            """{"id":"/","agents":{"judge":{"temperature":3}},"nodes":{"affirmative":{"agent":"x"},"negative":{"next":"y"},"end":{"prompt":"?"}}}"""));

        Assert.Equal(["id", "agents.judge.temperature", "nodes.affirmative.agent", "nodes.negative.next", "nodes.end.prompt"], problems.Select(problem => problem.Path));
    }

    [Fact]
    public void A_thousand_nodes_in_a_row_are_fine_and_one_more_is_not()
    {
        Assert.Empty(TestKinds.Validator.Validate(Definitions.Chain(1000)));

        var problem = Assert.Single(TestKinds.Validator.Validate(Definitions.Chain(1001)));
        Assert.Equal(new WorkflowProblem("nodes", "There are 1001 nodes; a workflow has at most 1000."), problem);
    }

    [Fact]
    public void A_long_cycle_is_shortened()
    {
        var nodes = new Dictionary<string, NodeDefinition>(Definitions.Chain(1000).Nodes!) { ["n998"] = new() { Type = NodeType.Parallel, Next = ["n1", "n999"] } };

        var problem = Assert.Single(TestKinds.Validator.Validate(new WorkflowDefinition { Nodes = nodes }));

        Assert.Equal("nodes.n998.next[0]", problem.Path);
        Assert.Equal("The nodes form a cycle: n1 -> n2 -> n3 -> n4 -> n5 -> n6 -> n7 -> n8 -> n9 -> n10 -> n11 -> n12 -> (986 more) -> n1; only the body of a loop leads back, to its loop.", problem.Message);
    }

    [Fact]
    public void Problems_beyond_a_hundred_are_counted()
    {
        var nodes = Enumerable.Range(0, 998).ToDictionary(i => $"n{i}", _ => new NodeDefinition { Type = "?", Next = ["x"] });

        var problems = TestKinds.Validator.Validate(new WorkflowDefinition { Nodes = nodes });

        // No start, no end, and for each node its type and its next; the hundred first are told.
        Assert.Equal(101, problems.Count);
        Assert.Equal(new WorkflowProblem(string.Empty, "... and 1898 more problems."), problems[^1]);
    }

    [Fact]
    public void A_hostile_graph_is_judged_in_bounded_time()
    {
        // Every node follows every other, all names long, half of them misspelt: quadratic in edges, cycles everywhere.
        var ids = Enumerable.Range(0, 1000).Select(i => $"{new string('a', 59)}{i:0000}").ToList();
        var next = ids.Select((id, i) => i % 2 == 0 ? id : id + "x").ToList();
        var nodes = ids.ToDictionary(id => id, _ => new NodeDefinition { Type = NodeType.Parallel, Next = next });
        var watch = Stopwatch.StartNew();

        var problems = TestKinds.Validator.Validate(new WorkflowDefinition { Nodes = nodes });

        Assert.Equal(101, problems.Count);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"took {watch.Elapsed}");
    }

    [Fact]
    public void Nothing_at_all_is_a_problem_not_a_crash()
    {
        Assert.Equal("There is no workflow.", Assert.Single(TestKinds.Validator.Validate(null!)).Message);
        Assert.Equal("nodes", Assert.Single(TestKinds.Validator.Validate(new WorkflowDefinition())).Path);
    }

    [Fact]
    public void Text_from_outside_is_shown_short_and_printable()
    {
        var problem = Assert.Single(TestKinds.Validator.Validate(Definitions.Debate().With(id: "\u001b[31m\r\n\u2028\ud800" + new string('x', 1000))));

        Assert.Equal($"'?[31m????{new string('x', 55)}...' is not an id; {IdForm}", problem.Message);
    }
}
