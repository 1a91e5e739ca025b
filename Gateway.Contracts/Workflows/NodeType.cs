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

    /// <summary>Leads on by conditions; the ways that are not taken are skipped.</summary>
    public const string Condition = "condition";

    /// <summary>Goes through its body in rounds, until a condition holds.</summary>
    public const string Loop = "loop";

    /// <summary>Goes through its body once for each item of a list, side by side.</summary>
    public const string Map = "map";

    /// <summary>Runs another workflow as a part of this one.</summary>
    public const string Workflow = "workflow";

    /// <summary>Counts the ballots of the nodes before it.</summary>
    public const string Vote = "vote";

    /// <summary>Calls a tool.</summary>
    public const string Tool = "tool";

    /// <summary>Suspends until a user answers its prompt.</summary>
    public const string HumanReview = "human_review";

    /// <summary>Where a session ends.</summary>
    public const string End = "end";
}
