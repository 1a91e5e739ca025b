using System.Text;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Infrastructure;
using Gateway.Workflows;
using Xunit;

namespace Gateway.Tests.Workflows;

public sealed class WorkflowFileReaderTests
{
    private const string Yaml = """
        id: two-steps
        name: Two steps
        description: First this, then that.
        agents:
          first: { name: First, instructions: "Say: hello", model: default, temperature: 0.5, max_output_tokens: 100 }
          second: {}
        nodes:
          start: { type: start, next: [a] }
          a: { type: agent, agent: first, next: b }
          b:
            type: human_review
            prompt: |
              Well?
            next: end
          end: { type: end }
        """;

    private const string Json = """
        {
          "id": "two-steps", "name": "Two steps", "description": "First this, then that.",
          "agents": {
            "first": { "name": "First", "instructions": "Say: hello", "model": "default", "temperature": 5e-1, "max_output_tokens": 100 },
            "second": {}
          },
          "nodes": {
            "start": { "type": "start", "next": ["a"] },
            "a": { "type": "agent", "agent": "first", "next": "b" },
            "b": { "type": "human_review", "prompt": "Well?\n", "next": "end" },
            "end": { "type": "end" }
          }
        }
        """;

    [Theory]
    [InlineData("two.yaml", Yaml)]
    [InlineData("two.yml", Yaml)]
    [InlineData("two.json", Json)]
    [InlineData("two.yaml", Json)]
    public void Yaml_and_json_are_read_into_the_same_definition(string name, string text)
    {
        var file = Parse(name, text);

        Assert.Empty(file.Problems);
        Assert.Equivalent(Definitions.Of(Json), file.Workflow, strict: true);
        Assert.Equal(["start", "a", "b", "end"], file.Workflow!.Nodes!.Keys);
    }

    [Fact]
    public void A_byte_order_mark_is_skipped()
    {
        Assert.Empty(WorkflowFileReader.Parse("a.json", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Json)]).Problems);
        Assert.Empty(WorkflowFileReader.Parse("a.yaml", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Yaml)]).Problems);
    }

    [Fact]
    public void Json_text_of_all_scripts_and_escapes_is_read()
    {
        Assert.Equal("\U0001F600 \u0645\u0631\u062d\u0628\u0627 \"/\t", Parse("a.json", """{"name":"\ud83d\ude00 مرحبا \"\/\t"}""").Workflow!.Name);
    }

    [Fact]
    public void The_file_name_is_the_id_when_there_is_none()
    {
        Assert.Equal("my-flow", Parse("/some/where/my-flow.yaml", "nodes:\n").Workflow!.Id);
        Assert.Equal("my-flow", Parse("/some/where/my-flow.json", "{}").Workflow!.Id);
    }

    // Each row: what is in the file, and the one problem it has, with line and column.
    [Theory]
    [InlineData("x.yaml", "", "x.yaml(1,1): The file is empty; a workflow has 'agents' and 'nodes'.")]
    [InlineData("x.yaml", "# nothing\n", "x.yaml(1,1): The file is empty; a workflow has 'agents' and 'nodes'.")]
    [InlineData("x.json", " \n", "x.json(1,1): The file is empty; a workflow has 'agents' and 'nodes'.")]
    [InlineData("x.yaml", "- a\n", "x.yaml(1,1): Expected keys with values, not a list.")]
    [InlineData("x.json", "7", "x.json(1,1): Expected keys with values, not '7'.")]
    [InlineData("x.yaml", "id: x\nnode: {}\n", "x.yaml(2,1): node: Unknown key 'node'; did you mean 'nodes'?")]
    [InlineData("x.json", "{\"id\":\"x\",\n  \"node\":{}}", "x.json(2,3): node: Unknown key 'node'; did you mean 'nodes'?")]
    [InlineData("x.yaml", "version: 2\n", "x.yaml(1,1): version: Unknown key 'version'; the keys here are id, name, description, inputs, budget, defaults, max_parallel, agents, nodes.")]
    [InlineData("x.yaml", "agents:\n  a: { temprature: 1 }\n", "x.yaml(2,8): agents.a.temprature: Unknown key 'temprature'; did you mean 'temperature'?")]
    [InlineData("x.yaml", "nodes:\n  a:\n    nxt: b\n", "x.yaml(3,5): nodes.a.nxt: Unknown key 'nxt'; did you mean 'next'?")]
    [InlineData("x.yaml", "agents: [a]\n", "x.yaml(1,9): agents: Expected agents by id, such as 'agents: { some_id: { ... } }', not a list.")]
    [InlineData("x.yaml", "nodes:\n  a: agent\n", "x.yaml(2,6): nodes.a: Expected keys with values, not 'agent'.")]
    [InlineData("x.yaml", "agents:\n  a: { temperature: warm }\n", "x.yaml(2,21): agents.a.temperature: Expected a number, not 'warm'.")]
    [InlineData("x.yaml", "agents:\n  a: { temperature: \"1\" }\n", "x.yaml(2,21): agents.a.temperature: Expected a number, not '1'.")]
    [InlineData("x.yaml", "agents:\n  a: { max_output_tokens: 1.5 }\n", "x.yaml(2,27): agents.a.max_output_tokens: Expected a whole number, not '1.5'.")]
    [InlineData("x.yaml", "agents:\n  a: { max_output_tokens: 99999999999 }\n", "x.yaml(2,27): agents.a.max_output_tokens: Expected a whole number, not '99999999999'.")]
    [InlineData("x.yaml", "name: [a]\n", "x.yaml(1,7): name: Expected text, not a list.")]
    [InlineData("x.json", "{\"name\":7}", "x.json(1,9): name: Expected text, not '7'.")]
    [InlineData("x.json", "{\"ä\\u0041\":true}", "x.json(1,2): äA: Unknown key 'äA'; the keys here are id, name, description, inputs, budget, defaults, max_parallel, agents, nodes.")]
    [InlineData("x.json", "{\"name\":\"ä\",\"description\":true}", "x.json(1,27): description: Expected text, not 'true'.")]
    [InlineData("x.yaml", "nodes:\n  a: { next: { b: c } }\n", "x.yaml(2,14): nodes.a.next: Expected the id of a node or a list of ids, not keys with values.")]
    [InlineData("x.yaml", "nodes:\n  a: { next: [b, [c], d] }\n", "x.yaml(2,18): nodes.a.next[1]: Expected the id of a node, not a list.")]
    [InlineData("x.json", "{\"nodes\":{\"a\":{\"next\":[null]}}}", "x.json(1,24): nodes.a.next[0]: Expected the id of a node, not nothing.")]
    [InlineData("x.yaml", "id: a\nname: b\nid: c\n", "x.yaml(3,1): id: The key stands here a second time, after line 1; keep one.")]
    [InlineData("x.json", "{\"id\":\"a\",\"id\":\"b\"}", "x.json(1,11): id: The key stands here a second time, after line 1; keep one.")]
    [InlineData("x.yaml", "nodes:\n  a: {}\n  a: {}\n", "x.yaml(3,3): nodes.a: The key stands here a second time, after line 2; keep one.")]
    [InlineData("x.yaml", "name: &n Hello\ndescription: *n\n", "x.yaml(2,14): description: The alias '*n' is not expanded; write the value out.")]
    [InlineData("x.yaml", "name: !shout Hello\n", "x.yaml(1,7): name: The tag '!shout' means nothing here; take it out.")]
    [InlineData("x.yaml", "id: a\n---\nid: b\n", "x.yaml(2,1): A second document begins here; a file holds one workflow.")]
    [InlineData("x.yaml", "? [a, b]\n: c\n", "x.yaml(1,3): A key is text here, not keys with values, a list or an alias.")]
    [InlineData("x.json", "{\"id\":\"\\ud800\"}", "x.json(1,7): Not JSON: a \\u escape stands for half a character.")]
    [InlineData("x.json", "{\n  \"id\": }", "x.json(2,9): Not JSON: '}' cannot stand here.")]
    [InlineData("x.json", "{} {}", "x.json(1,4): Not JSON: '{' cannot stand here.")]
    [InlineData("x.json", "{\"id\":", "x.json(1,7): Not JSON: the text ends before it is complete; a bracket, a brace or a quotation mark is not closed.")]
    [InlineData("x.json", "{\"nodes\": {},\n}", "x.json(2,1): Not JSON: a comma stands before this '}'; take it away.")]
    public void What_cannot_be_read_is_reported_with_its_place(string name, string text, string problem)
    {
        Assert.Equal(problem, Assert.Single(Parse(name, text).Problems).ToString());
    }

    [Theory]
    [InlineData("nodes: [a, b\n", 2)]
    [InlineData("id: a\n  name: b\n", 2)]
    [InlineData("id: 'a\n", 1)]
    [InlineData("id:\n\t- a\n", 2)]
    [InlineData("id: \"\\q\"\n", 1)]
    [InlineData("id: @a\n", 1)]
    [InlineData("a: b: c\n", 1)]
    [InlineData("}", 1)]
    [InlineData("id: a\nname: b\0description: c\n", 2)]
    public void What_is_not_yaml_is_reported_with_its_line(string text, int line)
    {
        var file = Parse("x.yaml", text);

        var problem = Assert.Single(file.Problems);
        Assert.Matches("^Not YAML: .+[.]$", problem.Message);
        Assert.Equal(line, problem.Line);
        Assert.Null(file.Workflow);
    }

    [Theory]
    [InlineData("x.yaml", "[")]
    [InlineData("x.yaml", "{a: ")]
    [InlineData("x.yaml", "- ")]
    [InlineData("x.json", "[")]
    [InlineData("x.json", "{\"a\":")]
    public void Values_deep_inside_each_other_are_refused(string name, string opening)
    {
        var text = string.Concat(Enumerable.Repeat(opening, 100_000));

        var file = Parse(name, text);

        Assert.Null(file.Workflow);
        Assert.Contains("more than 32 deep", Assert.Single(file.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_alias_bomb_stays_small()
    {
        var bomb = new StringBuilder("a0: &a0 [x]\n");
        for (var i = 1; i < 30; i++) bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}]\n");

        var file = Parse("x.yaml", bomb.ToString());

        // Four aliases a line, and nothing was expanded; reading ends at the hundredth problem.
        Assert.Equal(101, file.Problems.Count);
        Assert.All(file.Problems.Take(100), problem => Assert.Contains("is not expanded", problem.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_problem_of_the_definition_is_located_at_its_line()
    {
        var file = Parse("x.yaml", Yaml.Replace("next: b }", "next: c }", StringComparison.Ordinal).Replace("next: [a]", "next: [a, z]", StringComparison.Ordinal));

        var problems = TestKinds.Validator.Validate(file.Workflow!).Select(file.Locate).Select(problem => problem.ToString());

        Assert.Equal(
        [
            "x.yaml(8,25): nodes.start.next: Only a node of type 'parallel' has several 'next'; put one in between.",
            "x.yaml(8,35): nodes.start.next[1]: There is no node 'z'.",
            "x.yaml(9,35): nodes.a.next: There is no node 'c'.",
        ],
        problems.Select(problem => problem.Split(" No way")[0]).Take(3));
    }

    [Theory]
    [InlineData("x.yaml", "nodes:\n  n:\n    with: { count: 2, share: .5, big: 1e400, yes: true, text: '2', plain: abc, none: , list: [1, null, { deep: x }] }")]
    [InlineData("x.json", """{"nodes":{"n":{"with":{"count":2,"share":0.5,"big":"1e400","yes":true,"text":"2","plain":"abc","none":null,"list":[1,null,{"deep":"x"}]}}}}""")]
    public void What_only_the_nodes_type_knows_is_read_as_json(string name, string text)
    {
        var file = Parse(name, text);

        Assert.Empty(file.Problems);
        Assert.Equal("""{"count":2,"share":0.5,"big":"1e400","yes":true,"text":"2","plain":"abc","list":[1,null,{"deep":"x"}]}""", file.Workflow!.Nodes!["n"].With!.Value.GetRawText());
    }

    [Fact]
    public void A_problem_inside_with_is_located_at_its_line()
    {
        var file = Parse("x.yaml", "nodes:\n  n:\n    type: own\n    with:\n      first: 1\n      list:\n        - { deep: 2 }\n");

        Assert.Equal("x.yaml(5,7): nodes.n.with.first: No.", file.Locate(new WorkflowProblem("nodes.n.with.first", "No.")).ToString());
        Assert.Equal("x.yaml(7,13): nodes.n.with.list[0].deep: No.", file.Locate(new WorkflowProblem("nodes.n.with.list[0].deep", "No.")).ToString());
    }

    [Fact]
    public void What_is_missing_is_located_at_what_it_is_missing_from()
    {
        var file = Parse("x.yaml", "id: x\nnodes:\n  s: { type: start, next: e }\n  e: { next: [] }\n");

        Assert.Equal(
        [
            "x.yaml(2,1): nodes: There is no node of type 'end'; a session ends where one is reached.",
            "x.yaml(4,3): nodes.e.type: The type is missing; it is one of start, agent, parallel, condition, loop, map, workflow, vote, tool, human_review, end.",
            "x.yaml(4,8): nodes.e.next: 'next' is missing; name the node that follows.",
        ],
        TestKinds.Validator.Validate(file.Workflow!).Select(problem => file.Locate(problem).ToString()));
        Assert.Equal("x.yaml(1,1): nodes: No.", Parse("x.yaml", "id: x").Locate(new WorkflowProblem("nodes", "No.")).ToString());
    }

    [Fact]
    public void What_is_not_utf8_is_refused()
    {
        Assert.Equal("x.yaml(1,5): The file is not UTF-8; it seems to be Latin-1 or Windows-1252. Save it as UTF-8.", Assert.Single(WorkflowFileReader.Parse("x.yaml", [.. "id: "u8, 0xff]).Problems).ToString());
        Assert.Equal("x.json(1,2): The file is not UTF-8; it seems to be Latin-1 or Windows-1252. Save it as UTF-8.", Assert.Single(WorkflowFileReader.Parse("x.json", [(byte)'"', 0xc3]).Problems).ToString());
    }

    [Fact]
    public void A_missing_and_a_huge_file_are_problems()
    {
        using var folder = new TempFolder();
        var huge = folder.Write("huge.yaml", new string('#', WorkflowFileReader.MaxLength + 1));

        Assert.Equal($"{huge}: The file has 1048577 bytes; a workflow file has at most 1048576.", Assert.Single(WorkflowFileReader.Read(huge).Problems).ToString());
        Assert.StartsWith("The file cannot be read: ", Assert.Single(WorkflowFileReader.Read(folder.At("none.yaml")).Problems).Message, StringComparison.Ordinal);
    }

    private static WorkflowFile Parse(string name, string text) => WorkflowFileReader.Parse(name, Encoding.UTF8.GetBytes(text));
}
