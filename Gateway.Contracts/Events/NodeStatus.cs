namespace Gateway.Contracts;

/// <summary>The statuses a node can be in.</summary>
/// <remarks>Plain strings, so that an older client can carry a status it does not know.</remarks>
public static class NodeStatus
{
    /// <summary>Waits for its inputs.</summary>
    public const string Pending = "pending";

    /// <summary>At work.</summary>
    public const string Running = "running";

    /// <summary>Finished; never run again in this iteration.</summary>
    public const string Completed = "completed";

    /// <summary>Gave up with an error.</summary>
    public const string Failed = "failed";

    /// <summary>Will not run: nothing leads to it any more, or its own condition does not hold.</summary>
    public const string Skipped = "skipped";

    /// <summary>Waits for a user's answer.</summary>
    public const string Suspended = "suspended";

    /// <summary>Stopped, because its session has ended, or because the join it leads to has enough without it.</summary>
    public const string Cancelled = "cancelled";
}
