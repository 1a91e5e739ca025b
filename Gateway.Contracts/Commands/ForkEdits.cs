namespace Gateway.Contracts;

/// <summary>What a fork changes in the workflow; what has finished stays as it was.</summary>
public sealed record ForkEdits
{
    /// <summary>Agents by id; the members that are given take the place of the agent's own.</summary>
    public IReadOnlyDictionary<string, AgentDefinition>? Agents { get; init; }

    /// <summary>Nodes by id that have not finished; the members that are given take the place of the node's own.</summary>
    public IReadOnlyDictionary<string, NodeEdit>? Nodes { get; init; }
}
