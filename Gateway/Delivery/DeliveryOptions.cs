using Gateway.Settings;

namespace Gateway.Delivery;

/// <summary>Settings of delivery, section <c>Gateway:Delivery</c>.</summary>
public sealed class DeliveryOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Gateway:Delivery";

    /// <summary>Bytes of a session's newest events kept ready in memory per wire; older ones are read from the log.</summary>
    [NumberRange(4 * 1024, 64 * 1024 * 1024)]
    public int WindowBytes { get; set; } = 256 * 1024;

    /// <summary>A subscriber whose connection takes nothing for so long is dropped; it can come back with its seq.</summary>
    [TimeRange("00:00:01", "1.00:00:00")]
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(60);
}
