using System.Runtime.Serialization;
using System.Text.Json;

namespace Gateway.Contracts;

/// <summary>What a fork changes in a node: not where it leads, since others have been told of that.</summary>
[DataContract]
public sealed record NodeEdit
{
    /// <summary>The node's prompt; absent: as it is.</summary>
    [DataMember(Name = "prompt")]
    public string? Prompt { get; init; }

    /// <summary>A member for each parameter in the node's <c>with</c> that is different; null takes one away; absent: as it is.</summary>
    [DataMember(Name = "with")]
    public JsonElement? With { get; init; }
}
