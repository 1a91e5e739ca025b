namespace Gateway.Webhooks;

/// <summary>Whether an endpoint is told.</summary>
internal static class WebhookState
{
    /// <summary>It is told what happens.</summary>
    public const string Active = "active";

    /// <summary>It has answered 410 and is sent nothing until it is enabled, or has another address.</summary>
    public const string Halted = "halted";
}
