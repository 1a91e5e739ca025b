namespace Gateway.Contracts;

/// <summary>The names commands carry in the <c>cmd</c> member of a <c>/ws</c> frame.</summary>
public static class CommandNames
{
    /// <summary>Starts a session.</summary>
    public const string StartSession = "start_session";

    /// <summary>Pauses a session.</summary>
    public const string PauseSession = "pause_session";

    /// <summary>Resumes a session.</summary>
    public const string ResumeSession = "resume_session";

    /// <summary>Says something to a session.</summary>
    public const string UserInput = "user_input";

    /// <summary>Ends a session.</summary>
    public const string CancelSession = "cancel_session";

    /// <summary>Starts a subscription.</summary>
    public const string Subscribe = "subscribe";

    /// <summary>Ends a subscription.</summary>
    public const string Unsubscribe = "unsubscribe";

    /// <summary>Asks for a <c>pong</c>.</summary>
    public const string Ping = "ping";
}
