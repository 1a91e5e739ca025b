namespace Gateway.Webhooks;

/// <summary>A page of messages that were given up, the oldest first.</summary>
internal sealed record WebhookDeadLetterPage
{
    /// <summary>The messages.</summary>
    public required IReadOnlyList<WebhookDeadLetter> DeadLetters { get; init; }

    /// <summary>The <c>cursor</c> of the next page; absent on the last.</summary>
    public string? NextCursor { get; init; }
}
