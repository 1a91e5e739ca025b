namespace Gateway.Contracts;

/// <summary>The statuses a session can be in.</summary>
public static class SessionStatus
{
    /// <summary>At work.</summary>
    public const string Running = "running";

    /// <summary>Stands still; the pause reason says why.</summary>
    public const string Paused = "paused";

    /// <summary>Reached its end.</summary>
    public const string Completed = "completed";

    /// <summary>Ended by an error.</summary>
    public const string Failed = "failed";

    /// <summary>Ended by a user.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>Whether a session with this status has ended.</summary>
    public static bool IsFinal(string status) => status is Completed or Failed or Cancelled;
}
