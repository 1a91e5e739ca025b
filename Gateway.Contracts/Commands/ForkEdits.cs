using System.Runtime.Serialization;

namespace Gateway.Contracts;

/// <summary>What a fork changes in the workflow; what has finished stays as it was.</summary>
[DataContract]
public sealed record ForkEdits
{
    /// <summary>Agents by id; the members that are given take the place of the agent's own.</summary>
    [DataMember(Name = "agents")]
    public IReadOnlyDictionary<string, AgentDefinition>? Agents { get; init; }

    /// <summary>Nodes by id that have not finished; the members that are given take the place of the node's own.</summary>
    [DataMember(Name = "nodes")]
    public IReadOnlyDictionary<string, NodeEdit>? Nodes { get; init; }
}
