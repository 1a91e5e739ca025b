using System.Runtime.Serialization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Contracts;

/// <summary>A node of a workflow's graph.</summary>
/// <remarks>A node with several incoming edges waits for all branches that can still reach it.</remarks>
[DataContract]
public sealed record NodeDefinition
{
    /// <summary>One of <see cref="NodeType"/>, or a type that the gateway's host has added.</summary>
    [DataMember(Name = "type")]
    public string? Type { get; init; }

    /// <summary>The nodes that follow; a parallel node may name several. In JSON and YAML one may stand without a list.</summary>
    [DataMember(Name = "next"), JsonConverter(typeof(StringOrListConverter))]
    public IReadOnlyList<string>? Next { get; init; }

    /// <summary>The agent that speaks at the node, where its type has one.</summary>
    [DataMember(Name = "agent")]
    public string? Agent { get; init; }

    /// <summary>What the node asks a user, where its type has a prompt.</summary>
    [DataMember(Name = "prompt")]
    public string? Prompt { get; init; }

    /// <summary>Parameters that only the node's type knows: a JSON object.</summary>
    [DataMember(Name = "with")]
    public JsonElement? With { get; init; }
}
