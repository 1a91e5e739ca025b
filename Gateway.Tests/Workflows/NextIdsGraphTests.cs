using System.Text;
using Gateway.Contracts;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Workflows;
using Xunit;

namespace Gateway.Tests.Workflows;

/// <summary>Graphs of the system that the gateway replaces load as they are.</summary>
public sealed class NextIdsGraphTests
{
    internal const string Optimize = """
        {"workflow_uuid":"3f2c9a60-6f57-4e0b-9a0e-0a1b2c3d4e5f","name":"Council Optimize","description":"In rounds.","start_node_id":"start","nodes":{
          "start":{"node_id":"start","type":"start","name":"Begin","next_ids":["debate"],"properties":{}},
          "debate":{"node_id":"debate","type":"parallel","name":"Debate","next_ids":["pro","con"]},
          "pro":{"node_id":"pro","type":"agent","name":"Affirmative","next_ids":["judge"],"properties":{"agent_uuid":"a0000000-0000-4000-8000-000000000001"}},
          "con":{"node_id":"con","type":"agent","name":"Negative","next_ids":["judge"],"properties":{"agent_uuid":"a0000000-0000-4000-8000-000000000002"}},
          "judge":{"node_id":"judge","type":"vote","name":"Verdict","next_ids":["again"],"properties":{"threshold":0.5,"vote_type":"yes_no"}},
          "again":{"node_id":"again","type":"loop","name":"Continue?","next_ids":["debate","end"],"properties":{"max_rounds":5,"exit_on_score":90}},
          "end":{"node_id":"end","type":"end","name":"Report","next_ids":[],"properties":{}}}}
        """;

    [Fact]
    public void A_graph_with_its_loop_behind_the_body_becomes_one_with_the_loop_before_it()
    {
        var workflow = Load(Optimize);

        Assert.Equal(("3f2c9a60-6f57-4e0b-9a0e-0a1b2c3d4e5f", "Council Optimize", "In rounds."), (workflow.Id, workflow.Name, workflow.Description));
        Assert.Equal(
            ["start start again", "debate parallel pro,con", "pro agent judge", "con agent judge", "judge vote again", "again loop end", "end end "],
            workflow.Nodes!.Select(node => $"{node.Key} {node.Value.Type} {string.Join(',', node.Value.Next ?? [])}"));
        Assert.Equal("""{"max_rounds":5,"exit_on_score":90,"body":"debate"}""", workflow.Nodes!["again"].With!.Value.GetRawText());
        Assert.Equal("""{"threshold":0.5,"kind":"yes_no"}""", workflow.Nodes["judge"].With!.Value.GetRawText());
        Assert.Equal(["Affirmative", "Negative"], workflow.Agents!.Values.Select(agent => agent.Name));
        Assert.Equal("a0000000-0000-4000-8000-000000000002", workflow.Nodes["con"].Agent);
        Assert.Empty(TestKinds.Validator.Validate(workflow));
    }

    [Fact]
    public void A_loop_in_a_loop_with_the_same_first_node_stands_within_it()
    {
        var workflow = Load("""
            {"start_node_id":"s","nodes":{"s":{"type":"start","next_ids":["m"]},"m":{"type":"agent","name":"M","next_ids":["inner"],"properties":{"agent_id":"m"}},
              "inner":{"type":"loop","next_ids":["m","x"],"properties":{"max_rounds":2}},"x":{"type":"agent","name":"X","next_ids":["outer"],"properties":{"agent_id":"x"}},
              "outer":{"type":"loop","next_ids":["m","e"],"properties":{"max_rounds":3}},"e":{"type":"end"}}}
            """);

        Assert.Empty(TestKinds.Validator.Validate(workflow));
        Assert.Equal(["outer"], workflow.Nodes!["s"].Next);
        Assert.Equal(("inner", "m"), (workflow.Nodes["outer"].With!.Value.GetProperty("body").GetString(), workflow.Nodes["inner"].With!.Value.GetProperty("body").GetString()));
    }

    [Fact]
    public void Several_next_ids_run_side_by_side_whatever_the_type()
    {
        var workflow = Load("""
            {"start_node_id":"s","nodes":{"s":{"type":"start","next_ids":["a","b"]},"a":{"type":"agent","name":"A","next_ids":["e"],"properties":{"agent_id":"a"}},
              "b":{"type":"agent","name":"B","next_ids":["e"],"properties":{"agent_id":"b"}},"e":{"type":"end"}}}
            """);

        Assert.Empty(TestKinds.Validator.Validate(workflow));
        Assert.Equal(["s_next"], workflow.Nodes!["s"].Next);
        Assert.Equal((NodeType.Parallel, "a,b"), (workflow.Nodes["s_next"].Type, string.Join(',', workflow.Nodes["s_next"].Next!)));
    }

    [Fact]
    public void A_direct_call_and_a_summary_become_agents_and_a_sequence_is_passed()
    {
        var workflow = Load("""
            {"start_node_id":"call","nodes":{
              "call":{"type":"llm","name":"Draft","next_ids":["seq"],"properties":{"system_prompt":"Be brief.","prompt":"Draft it.","model":"default","temperature":0.4,"max_tokens":200}},
              "seq":{"type":"sequence","next_ids":["end"]},
              "end":{"type":"end","name":"Report","properties":{"summary_prompt":"Sum up.","model":"default"}}}}
            """);

        Assert.Empty(TestKinds.Validator.Validate(workflow));
        Assert.Equal(["call agent seq", "seq parallel end", "end agent end_end", "end_end end ", "start start call"], workflow.Nodes!.Select(node => $"{node.Key} {node.Value.Type} {string.Join(',', node.Value.Next ?? [])}"));
        Assert.Equal(new AgentDefinition { Name = "Draft", Instructions = "Be brief.\n\nDraft it.", Model = "default", Temperature = 0.4, MaxOutputTokens = 200 }, workflow.Agents!["call"]);
        Assert.Equal(new AgentDefinition { Name = "Report", Instructions = "Sum up.", Model = "default" }, workflow.Agents["end"]);
    }

    [Fact]
    public void Agents_may_be_described_beside_the_nodes()
    {
        var workflow = Load("""
            {"start_node_id":"s","agents":{"a":{"instructions":"Argue."}},"nodes":{"s":{"type":"start","next_ids":["x"]},"x":{"type":"agent","name":"X","next_ids":["e"],"properties":{"agent_uuid":"a"}},"e":{"type":"end"}}}
            """);

        Assert.Equal("Argue.", Assert.Single(workflow.Agents!).Value.Instructions);
    }

    [Theory]
    [InlineData("""{"node_id":"x","type":"memory_retrieval","next_ids":["e"]}""", "nodes.x.type: Unknown type 'memory_retrieval'; the types are ")]
    [InlineData("""{"node_id":"x","type":"fact_check","next_ids":["e"],"properties":{"verify_threshold":0.8}}""", "nodes.x.type: Unknown type 'fact_check'; the types are ")]
    [InlineData("""{"node_id":"x","type":"agent","next_ids":["e"],"properties":{"agent_uuid":"a","output_format":"verdict"}}""", "nodes.x.properties.output_format: 'output_format' of a node of type 'agent' has no counterpart here; take it out.")]
    [InlineData("""{"node_id":"y","type":"parallel","next_ids":["e"]}""", "nodes.x.node_id: The node is called 'y' here and 'x' where it begins; write one name.")]
    [InlineData("""{"node_id":"x","type":"agent","next_ids":["e"],"properties":{}}""", "nodes.x.agent: The agent is missing; name one of 'agents'.")]
    [InlineData("""{"node_id":"x","type":"parallel","next_ids":["e"],"next":["e"]}""", "nodes.x.next: Unknown key 'next'; the keys here are ")]
    [InlineData("""{"node_id":"x","type":"loop","next_ids":["e"]}""", "nodes.x.next_ids: A loop has two 'next_ids', and this one has 1; name the first node of its body, then the node that follows the loop.")]
    [InlineData("""{"node_id":"x","type":"vote","next_ids":["e"],"properties":{"threshold":5}}""", "nodes.x.with.threshold: Expected a number above 0 up to 1.")]
    public void What_has_no_counterpart_is_a_problem(string node, string expected)
    {
        var file = WorkflowFileReader.Parse("x.json", Encoding.UTF8.GetBytes("""{"start_node_id":"s","nodes":{"s":{"type":"start","next_ids":["x"]},"x":NODE,"e":{"type":"end"}}}""".Replace("NODE", node, StringComparison.Ordinal)));
        var problems = file.Problems.Concat(file.Workflow is { } workflow ? TestKinds.Validator.Validate(workflow).Select(file.Locate) : []).Select(problem => $"{problem.Path}: {problem.Message}").ToList();

        Assert.Contains(problems, problem => problem.StartsWith(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("true", "skip")]
    [InlineData("false", "fail")]
    public void A_review_expires_after_its_minutes(string skips, string policy)
    {
        var workflow = Load("""
            {"start_node_id":"s","nodes":{"s":{"type":"start","next_ids":["x"]},"x":{"type":"human_review","name":"Review","next_ids":["e"],"properties":{"timeout_minutes":30,"allow_skip":SKIPS}},"e":{"type":"end"}}}
            """.Replace("SKIPS", skips, StringComparison.Ordinal));

        Assert.Empty(TestKinds.Validator.Validate(workflow));
        Assert.Equal("Review: what do you say?", workflow.Nodes!["x"].Prompt);
        Assert.Equal($$"""{"expires_in":"30m","on_expiry":"{{policy}}"}""", workflow.Nodes["x"].With!.Value.GetRawText());
    }

    [Fact]
    public void A_host_that_has_the_kind_takes_its_properties()
    {
        var file = WorkflowFileReader.Parse("x.json", """{"start_node_id":"s","nodes":{"s":{"type":"start","next_ids":["x"]},"x":{"type":"wait_for_all_tokens","properties":{"tokens":3},"next_ids":["e"]},"e":{"type":"end"}}}"""u8);

        Assert.Equal("""{"tokens":3}""", file.Workflow!.Nodes!["x"].With!.Value.GetRawText());
    }

    [Fact]
    public void Loops_in_great_number_are_not_all_looked_into()
    {
        var nodes = string.Join(',', Enumerable.Range(0, 1_000).Select(i => $$"""
            "n{{i}}":{"type":"loop","next_ids":["n{{(i + 1) % 1_000}}","n{{(i + 2) % 1_000}}"]}
            """));

        var file = WorkflowFileReader.Parse("x.json", Encoding.UTF8.GetBytes($"{{\"start_node_id\":\"n0\",\"nodes\":{{{nodes}}}}}"));

        Assert.Contains(file.Problems, problem => problem.Message.Contains("so many loops", StringComparison.Ordinal));
        Assert.True(file.Problems.Count < 20);
    }

    [Fact]
    public void More_nodes_than_a_workflow_has_are_refused_before_they_are_looked_into()
    {
        var nodes = string.Join(',', Enumerable.Range(0, 15_000).Select(i => $$"""
            "n{{i}}":{"type":"llm"}
            """));

        var file = WorkflowFileReader.Parse("x.json", Encoding.UTF8.GetBytes($"{{\"start_node_id\":\"n0\",\"nodes\":{{{nodes}}}}}"));

        Assert.Equal("There are 15000 nodes or agents; a workflow has at most 1000 of each.", Assert.Single(file.Problems).Message);
    }

    private static WorkflowDefinition Load(string json)
    {
        var file = WorkflowFileReader.Parse("graph.json", Encoding.UTF8.GetBytes(json));
        Assert.Empty(file.Problems);
        return file.Workflow!;
    }
}
