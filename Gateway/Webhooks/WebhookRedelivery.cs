namespace Gateway.Webhooks;

/// <summary>What came of sending messages again that had been given up.</summary>
internal sealed record WebhookRedelivery
{
    /// <summary>How many were taken, and are no dead letters any more.</summary>
    public required int Taken { get; init; }

    /// <summary>How many dead letters the endpoint has now.</summary>
    public required int Left { get; init; }

    /// <summary>Why the last one was not taken, as a sentence; absent when all were.</summary>
    public string? Problem { get; init; }
}
