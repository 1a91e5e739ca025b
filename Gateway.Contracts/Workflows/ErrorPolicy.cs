namespace Gateway.Contracts;

/// <summary>What follows when a node fails.</summary>
public static class ErrorPolicy
{
    /// <summary>The session fails.</summary>
    public const string Fail = "fail";

    /// <summary>The session goes on as if the node had completed and said nothing.</summary>
    public const string Continue = "continue";

    /// <summary>What only this node leads to is skipped; so it is when nothing is said.</summary>
    public const string Skip = "skip";
}
