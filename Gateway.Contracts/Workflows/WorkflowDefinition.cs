using System.Runtime.Serialization;
using System.Text.Json;

namespace Gateway.Contracts;

/// <summary>A workflow: the agents that take part and the graph of nodes they work through.</summary>
[DataContract]
public sealed record WorkflowDefinition
{
    /// <summary>Names the workflow in <c>start_session</c>; <c>[A-Za-z0-9_-]{1,64}</c>.</summary>
    [DataMember(Name = "id")]
    public string? Id { get; init; }

    /// <summary>A title for people.</summary>
    [DataMember(Name = "name")]
    public string? Name { get; init; }

    /// <summary>What the workflow does, in a sentence.</summary>
    [DataMember(Name = "description")]
    public string? Description { get; init; }

    /// <summary>A JSON Schema that the input of a start must fit; absent: every input does.</summary>
    [DataMember(Name = "inputs")]
    public JsonElement? Inputs { get; init; }

    /// <summary>How much a session may consume before it stands still and asks; absent: any amount.</summary>
    [DataMember(Name = "budget")]
    public BudgetPolicy? Budget { get; init; }

    /// <summary>What holds for its agents and nodes that do not say otherwise.</summary>
    [DataMember(Name = "defaults")]
    public WorkflowDefaults? Defaults { get; init; }

    /// <summary>How many of its nodes that call a model or a tool run at once, 1 to 1000; the others wait, the longest-waiting first. Absent: as many as there are.</summary>
    [DataMember(Name = "max_parallel")]
    public int? MaxParallel { get; init; }

    /// <summary>The agents by id.</summary>
    [DataMember(Name = "agents")]
    public IReadOnlyDictionary<string, AgentDefinition>? Agents { get; init; }

    /// <summary>The nodes by id.</summary>
    [DataMember(Name = "nodes")]
    public IReadOnlyDictionary<string, NodeDefinition>? Nodes { get; init; }
}
