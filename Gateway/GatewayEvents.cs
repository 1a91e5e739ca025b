namespace Gateway;

/// <summary>The numbers of the log events of the start: 1000 to 1009.</summary>
internal static class GatewayEvents
{
    public const int CannotStart = 1000;
    public const int Ready = 1001;
    public const int StartCause = 1002;
    public const int PromptsUnreadable = 1003;
    public const int PromptsReadableAgain = 1004;
}
