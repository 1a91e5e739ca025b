namespace Gateway.Delivery;

/// <summary>Numbers of the log events of delivery: 4000 to 4099.</summary>
internal static class DeliveryEvents
{
    public const int ReadFailed = 4001;
    public const int ReadFailedUnexpectedly = 4002;
    public const int LogDamaged = 4003;
    public const int ConnectionStalled = 4010;
    public const int ConnectionSilent = 4011;
}
