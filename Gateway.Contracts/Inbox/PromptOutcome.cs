namespace Gateway.Contracts;

/// <summary>Why a prompt waits no more.</summary>
public static class PromptOutcome
{
    /// <summary>Somebody has answered it.</summary>
    public const string Answered = "answered";

    /// <summary>Nobody has answered it in time.</summary>
    public const string Expired = "expired";

    /// <summary>Its session has ended, or goes on without it.</summary>
    public const string Withdrawn = "withdrawn";
}
