using System.Text.Json;
using Gateway.Contracts;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Infrastructure;
using Gateway.Workflows;
using Xunit;

namespace Gateway.Tests.Workflows;

/// <summary>The schema for editors takes what the gateway takes, and says what keys are for.</summary>
public sealed class WorkflowSchemaTests
{
    private static readonly JsonElement s_schema = JsonElement.Parse(new WorkflowSchema(TestKinds.All.Shapes).Json.Span);

    public static TheoryData<string> Shipped => [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "Gateway", "workflows")).Where(WorkflowFileReader.Reads).Select(path => Path.GetFileName(path)!)];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void A_shipped_workflow_fits_and_names_the_schema(string name)
    {
        var content = File.ReadAllBytes(Path.Combine(Repository.Root, "Gateway", "workflows", name));
        var json = Schemas.Read(name, content)!.Value;

        Assert.True(Schemas.Takes(json), Schemas.Reasons(json));
        Assert.StartsWith("# yaml-language-server: $schema=http://localhost:8080/schemas/workflow.json\n", System.Text.Encoding.UTF8.GetString(content), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_gateway_takes_fits()
    {
        foreach (var workflow in new[] { Definitions.Debate(), Definitions.Chain(1000), SampleWorkflows.Debate, SampleWorkflows.Reviewed, SampleWorkflows.ReviewBesideAgent, SampleWorkflows.Gates, FlowValidationTests.Sound() })
        {
            Assert.Empty(TestKinds.Validator.Validate(workflow));
            var json = JsonSerializer.SerializeToElement(workflow, ContractsJson.Wire.WorkflowDefinition);
            Assert.True(Schemas.Takes(json), Schemas.Reasons(json));
        }
    }

    [Fact]
    public void Every_key_of_the_contract_and_of_every_kind_is_there_with_its_words()
    {
        Keys(s_schema, typeof(WorkflowDefinition));
        Keys(s_schema.GetProperty("properties").GetProperty("defaults"), typeof(WorkflowDefaults));
        Keys(s_schema.GetProperty("$defs").GetProperty("agent"), typeof(AgentDefinition));
        var node = s_schema.GetProperty("$defs").GetProperty("node");
        Keys(node, typeof(NodeDefinition));
        Keys(node.GetProperty("properties").GetProperty("retry"), typeof(RetryPolicy));
        Keys(node.GetProperty("properties").GetProperty("timeout"), typeof(TimeoutPolicy));
        Assert.Equal(TestKinds.All.Shapes.Types, node.GetProperty("properties").GetProperty("type").GetProperty("enum").EnumerateArray().Select(type => type.GetString()));
        foreach (var (type, then) in node.GetProperty("allOf").EnumerateArray().Select(rule => (rule.GetProperty("if").GetProperty("properties").GetProperty("type").GetProperty("const").GetString()!, rule.GetProperty("then"))))
        {
            var with = then.GetProperty("properties").GetProperty("with");
            var keys = TestKinds.All.Shapes.Find(type)!.Rules.With;
            Assert.Equal(keys.Select(key => key.Name), with.TryGetProperty("properties", out var described) ? described.EnumerateObject().Select(key => key.Name) : []);
            if (TestKinds.BuiltIn.Find(type) is not null) Assert.All(keys, key => Assert.True(described.GetProperty(key.Name).TryGetProperty("description", out _), $"{type}.{key.Name} has no description."));
        }

        static void Keys(JsonElement schema, Type type)
        {
            var properties = schema.GetProperty("properties").EnumerateObject().ToList();
            Assert.Equal(type.GetProperties().Select(property => ((System.Runtime.Serialization.DataMemberAttribute)property.GetCustomAttributes(typeof(System.Runtime.Serialization.DataMemberAttribute), false).Single()).Name).Order(StringComparer.Ordinal), properties.Select(property => property.Name).Order(StringComparer.Ordinal));
            Assert.All(properties, property => Assert.True(property.Value.TryGetProperty("description", out var words) && words.GetString()!.Length > 5, $"{type.Name}.{property.Name} has no description."));
        }
    }
}
