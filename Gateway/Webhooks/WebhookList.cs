namespace Gateway.Webhooks;

/// <summary>All endpoints, by name.</summary>
internal sealed record WebhookList
{
    /// <summary>The endpoints.</summary>
    public required IReadOnlyList<WebhookInfo> Webhooks { get; init; }
}
