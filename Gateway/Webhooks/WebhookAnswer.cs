namespace Gateway.Webhooks;

/// <summary>What came of sending a message.</summary>
/// <param name="Problem">Why it was not taken, as a sentence; null when it was.</param>
internal readonly record struct WebhookAnswer(string? Problem)
{
    /// <summary>Taken.</summary>
    public bool IsTaken => Problem is null;

    /// <summary>The endpoint wants no more of them: it has answered 410.</summary>
    public bool IsGone { get; init; }

    /// <summary>When it wants to be asked again; null when it said nothing of it.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
