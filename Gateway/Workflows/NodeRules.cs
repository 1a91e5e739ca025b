namespace Gateway.Workflows;

/// <summary>Which keys the nodes of a type have, and their place in the graph.</summary>
public sealed record NodeRules
{
    /// <summary>What such a node does, as a sentence; editors show it.</summary>
    public string? Description { get; init; }

    /// <summary>Whether a session begins at such a node; a workflow has exactly one.</summary>
    public bool Begins { get; init; }

    /// <summary>Whether a session ends at such a node; it has no <c>next</c>.</summary>
    public bool Ends { get; init; }

    /// <summary>Whether it has a <c>next</c>; without one its ways stand in <c>with</c>.</summary>
    public KeyUse Next { get; init; } = KeyUse.Required;

    /// <summary>Whether one of its ways leads to a body, whose nodes run in rounds and lead back to it.</summary>
    public bool Repeats { get; init; }

    /// <summary>Whether one of its ways leads to a body that is gone through once for each item of a list, side by side, and leads back to it.</summary>
    public bool Maps { get; init; }

    /// <summary>Whether its body is a child workflow, which is put in where a session starts.</summary>
    public bool Nests { get; init; }

    /// <summary>Whether such a node may name several nodes in <c>next</c>.</summary>
    public bool Branches { get; init; }

    /// <summary>Whether it leads to exactly one of its ways; the others are skipped.</summary>
    /// <remarks>Joins are checked with it: nodes on two such ways never come together.</remarks>
    public bool Chooses { get; init; }

    /// <summary>What is at work for such a node while it runs, which may then have a <c>retry</c>, a <c>timeout</c> and, where that is a model, a <c>fallback</c>.</summary>
    public WorkUse Work { get; init; }

    /// <summary>Whether it has an <c>agent</c>.</summary>
    public KeyUse Agent { get; init; }

    /// <summary>Whether it has a <c>prompt</c>, a template.</summary>
    public KeyUse Prompt { get; init; }

    /// <summary>The keys inside <c>with</c>; without any, such a node has no <c>with</c>.</summary>
    public IReadOnlyList<WithKey> With { get; init; } = [];
}
