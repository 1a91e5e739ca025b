using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Contracts;
using Gateway.Tests.Engine;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Infrastructure;
using Gateway.Workflows;
using Gateway.Workflows.Building;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.Tests.Workflows;

/// <summary>Workflows that are built in code: the same definitions as in files, the same problems, and YAML that reads back.</summary>
public class WorkflowBuilderTests
{
    [Fact]
    public void The_shipped_debate_built_in_code_is_the_one_of_the_file()
    {
        var file = Shipped("council-debate");
        Same(file, Build("council-debate", w => With(w, file)
            .Start()
            .Parallel("debate", pro => pro.Agent("affirmative", by: "value_defender"), con => con.Agent("negative", by: "risk_auditor"))
            .Parallel("jury", Juror("practice", "practitioner"), Juror("people", "citizen"), Juror("future", "historian"))
            .Vote("count", threshold: 0.5m)
            .Agent("adjudicator", by: "chief_justice")
            .End()));

        Func<WorkflowSteps, WorkflowSteps> Juror(string id, string by) => branch => branch.Agent(id, by: by, node: node => node with { With = file.Nodes![id].With });
    }

    [Fact]
    public void The_shipped_review_built_in_code_is_the_one_of_the_file()
    {
        var file = Shipped("reviewed-draft");
        Same(file, Build("reviewed-draft", w => With(w, file)
            .Start()
            .Agent("draft", by: "writer")
            .Review("review", "Please read the draft. What should change? Answer \"fine\" if nothing should.")
            .Agent("final", by: "editor")
            .End()));
    }

    [Fact]
    public void The_shipped_loop_built_in_code_is_the_one_of_the_file()
    {
        var file = Shipped("council-optimize");
        Same(file, Build("council-optimize", w => With(w, file)
            .Start()
            .Loop(
                "rounds",
                body => body
                    .Agent("proposal", by: "proposer", prompt: file.Nodes!["proposal"].Prompt)
                    .Parallel("debate", pro => pro.Agent("affirmative", by: "value_defender"), con => con.Agent("negative", by: "risk_auditor"))
                    .Agent("adjudicator", by: "adjudicator", prompt: file.Nodes["adjudicator"].Prompt, node: n => n with { With = file.Nodes["adjudicator"].With })
                    .Review("review", file.Nodes["review"].Prompt!),
                maxRounds: 5,
                exitOnScore: 90,
                score: "nodes.adjudicator.json.score")
            .End(output: file.Nodes!["end"].With!.Value.GetProperty("output").GetString())));
    }

    [Fact]
    public void Steps_say_what_yaml_says()
    {
        var built = Build("all", w => w
            .Named("All of it", "Each step once.")
            .Agent("shared", new AgentDefinition { Model = "default", Temperature = 0.5 })
            .Start()
            .Agent("triage", "Say whether it is hard.", prompt: "{{ input }}")
            .Condition("route", c => c
                .When("nodes.triage.text contains 'hard'", hard => hard
                    .Parallel("jury", a => a.Agent("first", by: "shared"), b => b.Agent("second", by: "shared"))
                    .Vote("count", threshold: 0.5m, quorum: 2))
                .Else(easy => easy)
                .When("input contains 'never'", no => no.End("refused", output: "No.")))
            .Loop("polish", body => body.Agent("edit", new AgentDefinition { MaxOutputTokens = 100 }), until: "loop.round == 2", node: n => n with { OnError = ErrorPolicy.Continue })
            .Review("check", "Good?")
            .Set("check", n => n with { When = "input != ''" })
            .End());

        Same(Parse("""
            id: all
            name: All of it
            description: Each step once.
            agents:
              shared: { model: default, temperature: 0.5 }
              triage: { instructions: Say whether it is hard. }
              edit: { max_output_tokens: 100 }
            nodes:
              start: { type: start, next: triage }
              triage: { type: agent, agent: triage, prompt: "{{ input }}", next: route }
              route:
                type: condition
                with:
                  when:
                    - { if: "nodes.triage.text contains 'hard'", next: jury }
                    - { if: "input contains 'never'", next: refused }
                  else: polish
              jury: { type: parallel, next: [first, second] }
              first: { type: agent, agent: shared, next: count }
              second: { type: agent, agent: shared, next: count }
              count: { type: vote, with: { threshold: 0.5, quorum: 2 }, next: polish }
              refused: { type: end, with: { output: No. } }
              polish: { type: loop, on_error: continue, with: { body: edit, until: loop.round == 2 }, next: check }
              edit: { type: agent, agent: edit, next: polish }
              check: { type: human_review, prompt: Good?, when: "input != ''", next: end }
              end: { type: end }
            """), built);
        Assert.Empty(TestKinds.Validator.Validate(built));
    }

    [Fact]
    public void What_a_chain_cannot_say_is_said_node_by_node()
    {
        var built = Build("web", w =>
        {
            w.Start().Then("fork", new NodeDefinition { Type = NodeType.Parallel });
            w.After("fork").Agent("a").Then("join");
            w.After("fork").Agent("b").Then("join");
            w.Node("join", new NodeDefinition { Type = NodeType.End });
            w.Set(workflow => workflow with { Description = "A web." });
        });

        Same(Parse("""
            id: web
            description: A web.
            agents: { a: {}, b: {} }
            nodes:
              start: { type: start, next: fork }
              fork: { type: parallel, next: [a, b] }
              a: { type: agent, agent: a, next: join }
              b: { type: agent, agent: b, next: join }
              join: { type: end }
            """), built);
    }

    [Theory]
    [InlineData("Workflow 'w' has a node 'a' already; choose another id, or lead to that one with Then(\"a\").")]
    [InlineData("Workflow 'w' has an agent 'x' already; say 'by: \"x\"' at the step, or choose another id.")]
    [InlineData("Workflow 'w' has no node 'none' yet; add it first.")]
    public void A_name_that_is_given_twice_or_never_is_refused_where_it_is_given(string sentence)
    {
        var exception = Assert.Throws<ArgumentException>(() => new ServiceCollection().AddWorkflow("w", w =>
        {
            w.Start().Agent("a", by: "x").End();
            if (sentence.Contains("agent 'x'", StringComparison.Ordinal)) w.Agent("x", new AgentDefinition());
            if (sentence.Contains("'none'", StringComparison.Ordinal)) w.Set("none", n => n);
            w.Node("a", new NodeDefinition());
        }));

        Assert.StartsWith(sentence, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_with_a_workflow_in_code_is_told_at_the_start_as_with_a_file()
    {
        using var folder = new TempFolder();
        var broken = Build("broken", w => w.Start().Agent("a", "Speak.", prompt: "{{ nodes.nobody.text }}", node: n => n with { Join = JsonElement.Parse("7") }));
        var file = folder.Write("more/broken.yaml", WorkflowYaml.Write(broken));
        Directory.CreateDirectory(folder.At("none"));

        var inCode = Assert.Throws<WorkflowCatalogException>(() => WorkflowCatalog.Load([folder.At("none")], new DefinitionCheck(TestKinds.Validator, _ => "No model."), [broken])).Problems;
        var inFile = Assert.Throws<WorkflowCatalogException>(() => WorkflowCatalog.Load([Path.GetDirectoryName(file)!], new DefinitionCheck(TestKinds.Validator, _ => "No model."))).Problems;

        Assert.True(inCode.Count > 2);
        Assert.Equal(inFile.Select(problem => (problem.Path, problem.Message)), inCode.Select(problem => (problem.Path, problem.Message)));
        Assert.StartsWith("workflow 'broken' of the host: ", inCode[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_workflows_in_code_with_one_id_and_one_without_are_problems()
    {
        using var folder = new TempFolder();
        var sound = Build("same", w => w.Start().End());

        var exception = Assert.Throws<WorkflowCatalogException>(() => WorkflowCatalog.Load([folder.Path], new DefinitionCheck(TestKinds.Validator, _ => null), [sound, sound, sound with { Id = null }]));

        Assert.Equal(["workflow 'same' of the host: id: The host adds a workflow 'same' twice; choose another id.", "workflow '' of the host: id: The id is missing; name the workflow."], exception.Problems.Select(problem => problem.ToString()));
    }

    [Fact]
    public void Code_wins_over_what_comes_along_and_a_folder_of_the_operator_over_code()
    {
        using var folder = new TempFolder();
        var ofCode = Build("a", w => w.Named("code").Start().End());
        folder.Write("shipped/a.yaml", WorkflowYaml.Write(ofCode with { Name = "shipped" }));
        folder.Write("shipped/b.yaml", WorkflowYaml.Write(ofCode with { Id = "b", Name = "shipped" }));
        folder.Write("own/b.yaml", WorkflowYaml.Write(ofCode with { Id = "b", Name = "own" }));

        var catalog = WorkflowCatalog.Load([folder.At("shipped"), folder.At("own")], new DefinitionCheck(TestKinds.Validator, _ => null), [ofCode, ofCode with { Id = "b" }]);

        Assert.Equal(["code", "own"], catalog.List().Select(workflow => workflow.Name));
    }

    [Theory]
    [InlineData("council-debate")]
    [InlineData("council-optimize")]
    [InlineData("quick-answer")]
    [InlineData("reviewed-draft")]
    public void A_shipped_workflow_printed_reads_back_equal(string id)
    {
        var file = Shipped(id);
        var printed = WorkflowYaml.Write(file);
        Same(file, Parse(printed));

        // As people write it: short nodes in a line, long texts as lines.
        Assert.Contains("\n  start: { type: start, next: ", printed, StringComparison.Ordinal);
        Assert.Contains("    instructions: |\n      ", printed, StringComparison.Ordinal);
    }

    [Fact]
    public void A_random_flow_printed_reads_back_equal_and_so_does_one_that_is_built_in_code() => ForAll(300, tape =>
    {
        var flow = RandomFlow.Build(new Tape(tape));
        Same(flow, Parse(WorkflowYaml.Write(flow)));
        Same(flow, Build(flow.Id!, w =>
        {
            foreach (var (id, agent) in flow.Agents!) w.Agent(id, agent);
            foreach (var (id, node) in flow.Nodes!) w.Node(id, node);
            w.Set(workflow => workflow with { MaxParallel = flow.MaxParallel });
        }));
    });

    [Fact]
    public void A_random_flow_with_something_broken_has_the_same_problems_in_code_and_in_a_file() => ForAll(150, bytes =>
    {
        var tape = new Tape(bytes);
        var flow = RandomFlow.Build(tape);
        var nodes = new Dictionary<string, NodeDefinition>(flow.Nodes!);
        for (var breaks = 1 + tape.Next(3); breaks > 0; breaks--)
        {
            var id = nodes.Keys.ElementAt(tape.Next(nodes.Count));
            nodes[id] = tape.Next(5) switch
            {
                0 => nodes[id] with { Type = "nothing" },
                1 => nodes[id] with { Next = ["nowhere", "nowhere"] },
                2 => nodes[id] with { When = "1 +" },
                3 => nodes[id] with { Agent = "nobody" },
                _ => nodes[id] with { Next = null, Prompt = "{{ nodes.none }}" },
            };
        }

        var broken = flow with { Nodes = nodes };
        var file = WorkflowFileReader.Parse("broken.yaml", Encoding.UTF8.GetBytes(WorkflowYaml.Write(broken)));
        Assert.Empty(file.Problems);
        Assert.Equal(TestKinds.Validator.Validate(broken), TestKinds.Validator.Validate(file.Workflow!));
    });

    [Fact]
    public void Any_text_printed_reads_back_equal() => Prop.ForAll(ArbMap.Default.ArbFor<string[]>(), texts =>
    {
        foreach (var text in texts.Where(text => text is not null && !text.Any(char.IsSurrogate)).SelectMany(text => new[] { text, $"{text}\n", $"a\n{text}\n\nb: c", $"- {text} #", text.Replace('a', '\n') }))
        {
            var workflow = new WorkflowDefinition
            {
                Id = "texts",
                Agents = new Dictionary<string, AgentDefinition> { ["a"] = new() { Name = text, Instructions = text } },
                Nodes = new Dictionary<string, NodeDefinition> { ["n"] = new() { Type = "t", With = JsonSerializer.SerializeToElement(new Dictionary<string, object> { ["k" + text] = new object[] { text, new { inner = text } } }) } },
            };
            Same(workflow, Parse(WorkflowYaml.Write(workflow)));
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Theory]
    [InlineData("true")]
    [InlineData("Null")]
    [InlineData("~")]
    [InlineData("1e5")]
    [InlineData("0x1F")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a: b")]
    [InlineData("a #b")]
    [InlineData("--- x")]
    [InlineData("line\n  deeper\nback\n")]
    [InlineData("\n\n")]
    [InlineData("tab\there\nand\r\nthere")]
    [InlineData("a\u0085b\u2028c\uFEFFd")]
    [InlineData("🎈 Ünïcode \"quoted\" \\ 'too'")]
    [InlineData("a\n   \nb")]
    public void A_text_that_yaml_could_take_for_something_else_reads_back_equal(string text)
    {
        var workflow = new WorkflowDefinition { Id = "text", Description = text.Length == 0 ? null : text, Nodes = new Dictionary<string, NodeDefinition> { ["n"] = new() { Type = "t", With = JsonSerializer.SerializeToElement(new { a = text, b = new[] { text } }) } } };
        Same(workflow, Parse(WorkflowYaml.Write(workflow)));
    }

    private static WorkflowDefinition Build(string id, Action<WorkflowBuilder> build)
    {
        var services = new ServiceCollection();
        services.AddWorkflow(id, build);
        return Assert.IsType<HostWorkflow>(Assert.Single(services).ImplementationInstance).Workflow;
    }

    private static WorkflowBuilder With(WorkflowBuilder builder, WorkflowDefinition file)
    {
        foreach (var (id, agent) in file.Agents!) builder.Agent(id, agent);
        return builder.Named(file.Name!, file.Description);
    }

    private static WorkflowDefinition Shipped(string id) => WorkflowFileReader.Read(Path.Combine(AppContext.BaseDirectory, "workflows", $"{id}.yaml")).Workflow!;

    private static WorkflowDefinition Parse(string yaml)
    {
        var file = WorkflowFileReader.Parse("x.yaml", Encoding.UTF8.GetBytes(yaml));
        Assert.True(file.Problems.Count == 0, $"{string.Join('\n', file.Problems)}\n{yaml}");
        return file.Workflow!;
    }

    private static void Same(WorkflowDefinition expected, WorkflowDefinition actual) => Assert.Equal(Json(expected), Json(actual));

    private static string Json(WorkflowDefinition workflow) => JsonSerializer.Serialize(workflow, ContractsJson.Wire.WorkflowDefinition);

    private static void ForAll(int cases, Action<byte[]> property) =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(cases).WithStartSize(5).WithEndSize(200));
}
