namespace Gateway.Workflows;

/// <summary>A way from a node to another that stands in its <c>with</c>.</summary>
/// <param name="Key">Where, such as <c>with.else</c>.</param>
/// <param name="To">The id of the node it leads to.</param>
/// <param name="IsBody">Whether it leads to the first node of the node's body.</param>
public sealed record NodeWay(string Key, string? To, bool IsBody = false)
{
    /// <summary>When it is taken, in the words of the definition, for a drawing; null: nothing is written at it.</summary>
    public string? Label { get; init; }
}
