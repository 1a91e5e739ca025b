using Gateway.Settings;

namespace Gateway.Delivery;

/// <summary>Settings of WebSockets, on <c>/ws</c> and <c>/hub</c>; section <c>Gateway:WebSockets</c>.</summary>
public sealed class GatewayWebSocketOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Gateway:WebSockets";

    /// <summary>The largest message a client may send on <c>/ws</c>, in bytes; a larger one closes the connection with 1009.</summary>
    [NumberRange(1024, 16 * 1024 * 1024)]
    public int MaxMessageBytes { get; set; } = 64 * 1024;

    /// <summary>A connection that has been silent for so long is sent a ping.</summary>
    /// <remarks>SignalR itself drops only clients that have pinged it before. Its other transports have polls that end.</remarks>
    [TimeRange("00:00:01", "1.00:00:00")]
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the answer may take before the connection is dropped.</summary>
    [TimeRange("00:00:01", "1.00:00:00")]
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a closing handshake may take before the connection is dropped.</summary>
    [TimeRange("00:00:00.1", "00:10:00")]
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
