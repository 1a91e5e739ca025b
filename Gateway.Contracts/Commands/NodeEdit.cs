using System.Text.Json;

namespace Gateway.Contracts;

/// <summary>What a fork changes in a node: not where it leads, since others have been told of that.</summary>
public sealed record NodeEdit
{
    /// <summary>The node's prompt; absent: as it is.</summary>
    public string? Prompt { get; init; }

    /// <summary>A member for each parameter in the node's <c>with</c> that is different; null takes one away; absent: as it is.</summary>
    public JsonElement? With { get; init; }
}
