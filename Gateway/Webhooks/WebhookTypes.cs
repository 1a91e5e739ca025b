namespace Gateway.Webhooks;

/// <summary>What webhooks tell of.</summary>
internal static class WebhookTypes
{
    /// <summary>A session asks something and waits for a person.</summary>
    public const string PromptOpened = "prompt.opened";

    /// <summary>Nobody has answered in time.</summary>
    public const string PromptExpired = "prompt.expired";

    /// <summary>A session has come to its end.</summary>
    public const string SessionCompleted = "session.completed";

    /// <summary>A session has failed.</summary>
    public const string SessionFailed = "session.failed";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [PromptOpened, PromptExpired, SessionCompleted, SessionFailed];
}
