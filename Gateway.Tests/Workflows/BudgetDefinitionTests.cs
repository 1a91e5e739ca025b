using Gateway.Contracts;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Workflows;
using Xunit;

namespace Gateway.Tests.Workflows;

/// <summary>What budgets of definitions mean before a session starts.</summary>
public sealed class BudgetDefinitionTests
{
    [Theory]
    [InlineData("{ tokens: 50000, usd: 0.5, duration: 10m }", 50000L, "0.5", "10m")]
    [InlineData("{ duration: 90 }", null, null, "90")]
    public void A_file_is_read(string budget, long? tokens, string? usd, string? duration)
    {
        var file = WorkflowFileReader.Parse("x.yaml", System.Text.Encoding.UTF8.GetBytes($"budget: {budget}\nagents: {{ w: {{}} }}\nnodes:\n  start: {{ type: start, next: a }}\n  a: {{ type: agent, agent: w, next: end, budget: {budget} }}\n  end: {{ type: end }}\n"));
        Assert.Empty(new DefinitionCheck(TestKinds.Validator, _ => null).Check(file));
        foreach (var read in (BudgetPolicy?[])[file.Workflow!.Budget, file.Workflow.Nodes!["a"].Budget])
        {
            Assert.Equal((tokens, usd, duration), (read!.Tokens, read.Usd?.ToString(System.Globalization.CultureInfo.InvariantCulture), read.Duration));
        }
    }

    [Theory]
    [InlineData(""","budget":{"usd":1}""", "", "budget.usd: The model of agent 'w' has no price")]
    [InlineData("", ""","budget":{"usd":1}""", "nodes.a.budget.usd: The model of agent 'w' has no price")]
    [InlineData(""","budget":{"tokens":1}""", ""","budget":{"duration":"1s"}""", null)]
    public void Dollars_need_a_price(string ofWorkflow, string ofNode, string? problem)
    {
        var workflow = Definitions.Of($$"""{"id":"t"{{ofWorkflow}},"agents":{"v":{"model":"dear"},"w":{"model":"unknown"} },"nodes":{"start":{"type":"start","next":"a"},"a":{"type":"agent","agent":"w","next":"b"{{ofNode}} },"b":{"type":"agent","agent":"v","next":"end","budget":{"usd":2} },"end":{"type":"end"} } }""");
        var problems = new DefinitionCheck(TestKinds.Validator, _ => null, name => name == "dear").Find(workflow).Select(found => $"{found.Path}: {found.Message}").ToList();
        if (problem is null) Assert.Empty(problems);
        else Assert.StartsWith(problem, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""","defaults":{"model":"dear"}""", "{}", "", null)]
    [InlineData(""","defaults":{"model":"cheap"}""", "{}", "", "nodes.l.budget.usd: The model of agent 'w' has no price")]
    [InlineData(""","defaults":{"fallback":["cheap"]}""", """{"model":"dear"}""", "", "nodes.l.budget.usd: The model 'cheap' has no price")]
    [InlineData("", """{"model":"dear"}""", ""","fallback":["cheap"]""", "nodes.l.budget.usd: The model 'cheap' has no price")]
    public void Dollars_need_a_price_of_the_models_that_defaults_say_and_of_those_in_a_body(string defaults, string agent, string inBody, string? problem)
    {
        var workflow = Definitions.Of($$$"""{"id":"t"{{{defaults}}},"agents":{"w":{{{agent}}} },"nodes":{"start":{"type":"start","next":"l"},"l":{"type":"loop","with":{"body":"a","max_rounds":2},"budget":{"usd":1},"next":"end"},"a":{"type":"agent","agent":"w","next":"l"{{{inBody}}} },"end":{"type":"end"} } }""");
        var problems = new DefinitionCheck(TestKinds.Validator, _ => null, name => name == "dear").Find(workflow).Select(found => $"{found.Path}: {found.Message}").ToList();
        if (problem is null) Assert.Empty(problems);
        else Assert.StartsWith(problem, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void The_budget_of_a_child_is_that_of_its_node_unless_that_says_its_own()
    {
        var child = Definitions.Debate("""{"budget":{"tokens":7}}""");
        var parent = Definitions.Of("""{"id":"p","nodes":{"start":{"type":"start","next":"x"},"x":{"type":"workflow","with":{"workflow":"c"},"next":"y"},"y":{"type":"workflow","with":{"workflow":"c"},"budget":{"tokens":9},"next":"end"},"end":{"type":"end"} } }""");
        var (whole, problems) = ChildWorkflows.PutIn(parent, TestKinds.All.Shapes, ["c"], _ => child, "p");
        Assert.Empty(problems);
        Assert.Equal((7, 9), (whole.Nodes!["x"].Budget!.Tokens, whole.Nodes["y"].Budget!.Tokens));
    }
}
