namespace Gateway.Contracts;

/// <summary>The types of nodes that every gateway has; a host may add others.</summary>
public static class NodeType
{
    /// <summary>Where a session begins; exactly one.</summary>
    public const string Start = "start";

    /// <summary>An agent's turn.</summary>
    public const string Agent = "agent";

    /// <summary>Starts several branches side by side.</summary>
    public const string Parallel = "parallel";

    /// <summary>Suspends until a user answers its prompt.</summary>
    public const string HumanReview = "human_review";

    /// <summary>Where a session ends.</summary>
    public const string End = "end";
}
