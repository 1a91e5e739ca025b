namespace Gateway.Contracts;

/// <summary>Where a call of a tool stands.</summary>
public static class ToolCallStatus
{
    /// <summary>Asked for; it begins when every call of its round is decided about.</summary>
    public const string Requested = "requested";

    /// <summary>Waits for a person to approve it.</summary>
    public const string Waiting = "waiting";

    /// <summary>A person has approved it, with other arguments where they are told.</summary>
    public const string Approved = "approved";

    /// <summary>The tool is at work. After a crash the same call is made again, with the same key.</summary>
    public const string Running = "running";

    /// <summary>The tool has answered; the call is never made again.</summary>
    public const string Completed = "completed";

    /// <summary>The tool has failed, timed out, or could not be called.</summary>
    public const string Failed = "failed";

    /// <summary>A person has rejected it, so it is not made.</summary>
    public const string Rejected = "rejected";
}
