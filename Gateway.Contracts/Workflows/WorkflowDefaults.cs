using System.Runtime.Serialization;
using System.Text.Json.Serialization;

namespace Gateway.Contracts;

/// <summary>What holds for the agents and nodes of a workflow that do not say otherwise; those of child workflows are not touched.</summary>
/// <remarks>What stands nearer wins, member by member: a node with a <c>total</c> of its own keeps the <c>idle</c> that stands here.</remarks>
[DataContract]
public sealed record WorkflowDefaults
{
    /// <summary>The model of agents that name none.</summary>
    [DataMember(Name = "model")]
    public string? Model { get; init; }

    /// <summary>The sampling temperature of agents, 0 to 2.</summary>
    [DataMember(Name = "temperature")]
    public double? Temperature { get; init; }

    /// <summary>The upper limit of tokens that the model of an agent may write.</summary>
    [DataMember(Name = "max_output_tokens")]
    public int? MaxOutputTokens { get; init; }

    /// <summary>How often agents may call tools before they must answer, 0 to 50.</summary>
    [DataMember(Name = "max_tool_rounds")]
    public int? MaxToolRounds { get; init; }

    /// <summary>What follows when a node fails; one of <see cref="ErrorPolicy"/>.</summary>
    [DataMember(Name = "on_error")]
    public string? OnError { get; init; }

    /// <summary>When the work of nodes that call a model or a tool is tried again.</summary>
    [DataMember(Name = "retry")]
    public RetryPolicy? Retry { get; init; }

    /// <summary>How long the work of nodes that call a model or a tool may take.</summary>
    [DataMember(Name = "timeout")]
    public TimeoutPolicy? Timeout { get; init; }

    /// <summary>The models that nodes of agents fall back on.</summary>
    [DataMember(Name = "fallback"), JsonConverter(typeof(StringOrListConverter))]
    public IReadOnlyList<string>? Fallback { get; init; }
}
