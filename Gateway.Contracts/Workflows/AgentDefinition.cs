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
}
