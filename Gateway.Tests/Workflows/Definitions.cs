using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Contracts;

namespace Gateway.Tests.Workflows;

/// <summary>Workflow definitions for tests: a sound one and what a change makes of it.</summary>
internal static class Definitions
{
    private const string DebateJson = """
        {"id":"debate",
         "agents":{"defender":{"instructions":"Argue."},"auditor":{},"judge":{"temperature":0.2,"max_output_tokens":100}},
         "nodes":{
           "start":{"type":"start","next":"debate"},
           "debate":{"type":"parallel","next":["affirmative","negative"]},
           "affirmative":{"type":"agent","agent":"defender","next":"adjudicator"},
           "negative":{"type":"agent","agent":"auditor","next":"adjudicator"},
           "adjudicator":{"type":"agent","agent":"judge","next":"end"},
           "end":{"type":"end"}}}
        """;

    public static WorkflowDefinition Of(string json) => JsonSerializer.Deserialize(json, ContractsJson.Wire.WorkflowDefinition)!;

    /// <summary>A sound debate, with a change merged in.</summary>
    public static WorkflowDefinition Debate(string change = "{}")
    {
        var debate = JsonNode.Parse(DebateJson)!.AsObject();
        Merge(debate, JsonNode.Parse(change)!.AsObject());
        return Of(debate.ToJsonString());
    }

    /// <summary>A row of nodes n0 ... from start to end.</summary>
    public static WorkflowDefinition Chain(int length) => new()
    {
        Nodes = Enumerable.Range(0, length).ToDictionary(i => $"n{i}", i => new NodeDefinition
        {
            Type = i == 0 ? NodeType.Start : i == length - 1 ? NodeType.End : NodeType.Parallel,
            Next = i == length - 1 ? null : [$"n{i + 1}"],
        }),
    };

    public static WorkflowDefinition With(this WorkflowDefinition workflow, string id) => workflow with { Id = id };

    private static void Merge(JsonObject target, JsonObject change)
    {
        foreach (var (key, value) in change)
        {
            if (value is JsonObject { Count: > 0 } inner && target[key] is JsonObject existing) Merge(existing, inner);
            else target[key] = value?.DeepClone();
        }
    }
}
