using System.Runtime.Serialization;
using System.Text.Json.Serialization;

namespace Gateway.Contracts;

/// <summary>A node of a workflow's graph.</summary>
/// <remarks>A node with several incoming edges waits for all branches that can still reach it.</remarks>
[DataContract]
public sealed record NodeDefinition
{
    /// <summary>One of <see cref="NodeType"/>.</summary>
    [DataMember(Name = "type")]
    public string? Type { get; init; }

    /// <summary>The nodes that follow; a parallel node may name several. In JSON and YAML one may stand without a list.</summary>
    [DataMember(Name = "next"), JsonConverter(typeof(StringOrListConverter))]
    public IReadOnlyList<string>? Next { get; init; }

    /// <summary>The agent that speaks at an agent node.</summary>
    [DataMember(Name = "agent")]
    public string? Agent { get; init; }

    /// <summary>What a human_review node asks.</summary>
    [DataMember(Name = "prompt")]
    public string? Prompt { get; init; }
}
