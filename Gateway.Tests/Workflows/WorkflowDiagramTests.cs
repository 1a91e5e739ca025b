using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Contracts;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Infrastructure;
using Gateway.Workflows;
using Xunit;

namespace Gateway.Tests.Workflows;

/// <summary>A workflow as a flowchart, with whatever names.</summary>
public sealed partial class WorkflowDiagramTests
{
    [Fact]
    public void Every_kind_has_its_shape_and_every_way_its_arrow()
    {
        Assert.Equal(
            """
            flowchart TD
              n0(["start"])
              n1[["improve<br/>loop"]]
              subgraph b1["improve"]
                n2["draft<br/>a"]
                n3["judge<br/>a"]
              end
              n4{{"fork<br/>parallel"}}
              n5["a"]
              n6["b<br/>a"]
              n7["vote"]
              n8{"way<br/>condition"}
              n9["last<br/>a"]
              n10(["end"])
              n0 --> n1
              n1 -->|"body"| n2
              n1 --> n4
              n2 --> n3
              n3 -.-> n1
              n4 --> n5
              n4 --> n6
              n5 --> n7
              n6 --> n7
              n7 --> n8
              n8 -->|"nodes.vote.json.approved"| n9
              n8 -->|"else"| n10
              n9 --> n10

            """,
            WorkflowDiagram.Draw(FlowValidationTests.Sound(), TestKinds.BuiltIn.Shapes));
    }

    [Fact]
    public void Loops_within_loops_stand_in_frames_within_frames()
    {
        var workflow = Definitions.Of("""
            {"nodes":{"s":{"type":"start","next":"outer"},"outer":{"type":"loop","with":{"body":"inner"},"next":"e"},
              "inner":{"type":"loop","with":{"body":"p"},"next":"outer"},"p":{"type":"parallel","next":"inner"},"e":{"type":"end"}}}
            """);
        Assert.Empty(TestKinds.Validator.Validate(workflow));

        var lines = WorkflowDiagram.Draw(workflow, TestKinds.BuiltIn.Shapes).Split('\n').Select(line => line.Trim()).ToList();

        Assert.Equal(["subgraph b1[\"outer\"]", "subgraph b2[\"inner\"]", "end", "end"], lines.Where(line => line.StartsWith("subgraph", StringComparison.Ordinal) || line == "end"));
        Assert.Equal(2, lines.Count(line => line.Contains("-.->", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_review_names_itself_and_an_agent_its_name()
    {
        var lines = WorkflowDiagram.Draw(SampleWorkflows.Reviewed, TestKinds.BuiltIn.Shapes).Split('\n');

        Assert.Contains("  n2[/\"review<br/>human_review\"/]", lines);
        Assert.Contains("  n1[\"a<br/>Agent A\"]", lines);
    }

    [Theory]
    [InlineData("\"]; n9[\"gone")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("%%{init: {\"securityLevel\":\"loose\"}}%%")]
    [InlineData("a\nend\nclick n0 href \"javascript:alert(1)\"")]
    [InlineData("#quot;] --> x")]
    [InlineData("`**bold**`")]
    public void A_name_cannot_break_out_of_its_quotes(string name) => Check(name);

    [Fact]
    public void No_name_at_all_can() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), name => Check(name.Get)).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private static void Check(string name)
    {
        var workflow = new WorkflowDefinition
        {
            Agents = new Dictionary<string, AgentDefinition> { ["w"] = new() { Name = name } },
            Nodes = new Dictionary<string, NodeDefinition>
            {
                ["start"] = new() { Type = NodeType.Start, Next = ["way"] },
                ["way"] = new() { Type = NodeType.Condition, With = System.Text.Json.JsonSerializer.SerializeToElement(new { when = new[] { new { @if = name, next = "a" } }, @else = "end" }) },
                ["a"] = new() { Type = NodeType.Agent, Agent = "w", Next = ["end"] },
                ["end"] = new() { Type = NodeType.End },
            },
        };

        var lines = WorkflowDiagram.Draw(workflow, TestKinds.BuiltIn.Shapes).Split('\n');

        Assert.Equal(10, lines.Length);
        Assert.All(lines[1..^1], line => Assert.Matches(Line(), line));
    }

    // What a line may be: letters and plain signs in quotes, everything else as numbers.
    [GeneratedRegex("""^  (n\d+(\(\[|\[|\{)"([\p{L}\p{Nd} \-_.,:()?!+=/]|#\d+;|<br/>)*"(\]\)|\]|\})|n\d+ -->(\|"([\p{L}\p{Nd} \-_.,:()?!+=/]|#\d+;)*"\|)? n\d+)$""")]
    private static partial Regex Line();
}
