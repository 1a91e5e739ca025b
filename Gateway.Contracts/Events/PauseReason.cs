namespace Gateway.Contracts;

/// <summary>Why a session stands still.</summary>
public static class PauseReason
{
    /// <summary>A user paused it; only resume goes on.</summary>
    public const string UserRequested = "user_requested";

    /// <summary>Nothing can run until a prompt is answered.</summary>
    public const string AwaitingInput = "awaiting_input";

    /// <summary>A budget is used up; the answer to the session's prompt raises it or ends what has used it up.</summary>
    public const string BudgetExceeded = "budget_exceeded";

    /// <summary>Here ends the history that the session shares with the one it was forked from; it goes on at once.</summary>
    public const string Forked = "forked";

    /// <summary>The gateway shuts down; the session goes on by itself at the next start.</summary>
    public const string ShuttingDown = "shutting_down";

    /// <summary>The gateway ended several times in a row before the session could go on; only resume tries once more.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>The session's log cannot be written; resume once the store works again.</summary>
    public const string StorageUnavailable = "storage_unavailable";
}
