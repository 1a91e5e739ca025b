using System.Runtime.Serialization;

namespace Gateway.Contracts;

/// <summary>An agent: who it is and which model speaks for it.</summary>
[DataContract]
public sealed record AgentDefinition
{
    /// <summary>A name for people; the agent's id when absent.</summary>
    [DataMember(Name = "name")]
    public string? Name { get; init; }

    /// <summary>What the agent is told about its role.</summary>
    [DataMember(Name = "instructions")]
    public string? Instructions { get; init; }

    /// <summary>The configured model's name; absent or <c>default</c>: the gateway's default model.</summary>
    [DataMember(Name = "model")]
    public string? Model { get; init; }

    /// <summary>Sampling temperature, 0 to 2; absent: the model's own.</summary>
    [DataMember(Name = "temperature")]
    public double? Temperature { get; init; }

    /// <summary>Upper limit of tokens the model may write; absent: the model's own.</summary>
    [DataMember(Name = "max_output_tokens")]
    public int? MaxOutputTokens { get; init; }

    /// <summary>The tools that it may call, each by its name, or by that of the MCP server whose tools they all are; absent: none.</summary>
    [DataMember(Name = "tools")]
    public IReadOnlyList<string>? Tools { get; init; }

    /// <summary>For each of its tools that needs it, when a person must approve its calls; one of <see cref="ToolApproval"/>.</summary>
    [DataMember(Name = "approval")]
    public IReadOnlyDictionary<string, string>? Approval { get; init; }

    /// <summary>How often it may call tools before it must answer, 0 to 50; absent: 5. Calls side by side are one round.</summary>
    [DataMember(Name = "max_tool_rounds")]
    public int? MaxToolRounds { get; init; }
}
