namespace Gateway.Engine;

/// <summary>How much users may say to one session, in bytes.</summary>
/// <param name="Conversation">In all.</param>
/// <param name="Held">While it stands still.</param>
internal sealed record ConversationBounds(long Conversation, long Held)
{
    /// <summary>What words cost beside their text, so that many small ones have a bound, too.</summary>
    public const int PerMessage = 256;

    /// <summary>No bound.</summary>
    public static ConversationBounds None { get; } = new(long.MaxValue, long.MaxValue);
}
