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

    /// <summary>Bytes that the windows of all sessions and wires take together; where there are many, each has a share, and 16 KiB in any case.</summary>
    /// <remarks>Left out: a 128th of the memory there is for the process, but no less than 8 MiB and no more than 32 MiB.</remarks>
    [NumberRange(64 * 1024)]
    public long? MaxWindowBytes { get; set; }

    /// <summary>A subscriber whose connection takes nothing for so long is dropped; it can come back with its seq.</summary>
    [TimeRange("00:00:01", "1.00:00:00")]
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(60);
}
