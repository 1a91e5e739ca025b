namespace Gateway.Contracts;

/// <summary>Why a new attempt of a node was begun, where its workflow asks for one.</summary>
public static class AttemptCause
{
    /// <summary>Its work failed and is tried again.</summary>
    public const string Retry = "retry";

    /// <summary>Its model failed and another one is asked.</summary>
    public const string Fallback = "fallback";
}
