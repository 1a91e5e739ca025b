using System.Text.Json;
using Gateway.Contracts;
using Xunit;

namespace Gateway.Tests.Contracts;

/// <summary>Compares messages by content: records compare their lists by reference.</summary>
internal static class WireEqual
{
    public static void Check(WireMessage expected, object actual)
    {
        Assert.IsType(expected.Value.GetType(), actual);
        if (expected.Value is StartSession start)
        {
            Check(start.Input, ((StartSession)actual).Input);
            Assert.Equivalent(start with { Input = null }, (StartSession)actual with { Input = null }, strict: true);
            return;
        }

        if (expected.Value is WorkflowDefinition { Nodes: { } nodes } workflow)
        {
            var back = (WorkflowDefinition)actual;
            foreach (var (id, node) in nodes) Check(node.With, back.Nodes![id].With);
            Assert.Equivalent(WithoutWith(workflow), WithoutWith(back), strict: true);
            return;
        }

        Assert.Equivalent(expected.Value, actual, strict: true);
    }

    private static WorkflowDefinition WithoutWith(WorkflowDefinition workflow) => workflow with { Nodes = workflow.Nodes!.ToDictionary(node => node.Key, node => node.Value with { With = null }) };

    private static void Check(JsonElement? expected, JsonElement? actual)
    {
        Assert.Equal(expected is null, actual is null);
        if (expected is { } value) Assert.True(JsonElement.DeepEquals(value, actual!.Value), $"expected {value}, got {actual}");
    }
}
