using Gateway.Settings;

namespace Gateway.Delivery;

/// <summary>How a vanished peer is noticed on WebSockets, section <c>Gateway:WebSockets</c>.</summary>
/// <remarks>On <c>/ws</c> and <c>/hub</c>: SignalR itself drops only those that have pinged it before. Its other transports have polls that end.</remarks>
public sealed class KeepAliveOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Gateway:WebSockets";

    /// <summary>A connection that has been silent for so long is sent a ping.</summary>
    [TimeRange("00:00:01", "1.00:00:00")]
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the answer may take before the connection is dropped.</summary>
    [TimeRange("00:00:01", "1.00:00:00")]
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(20);
}
