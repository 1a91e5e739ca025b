namespace Gateway.Webhooks;

/// <summary>The numbers of this room's log events: 6100 to 6199.</summary>
internal static class WebhooksEvents
{
    public const int Failed = 6100;
    public const int GivenUp = 6101;
    public const int Halted = 6102;
    public const int Enabled = 6103;
    public const int Redelivered = 6104;
    public const int StillHalted = 6105;
    public const int NotNoted = 6106;
}
