using Gateway.Settings;

namespace Gateway.Doors.WebSockets;

/// <summary>Settings of <c>/ws</c>, section <c>Gateway:WebSockets</c>.</summary>
public sealed class GatewayWebSocketOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Gateway:WebSockets";

    /// <summary>The largest message a client may send, in bytes; a larger one closes the connection with 1009.</summary>
    [NumberRange(1024, 16 * 1024 * 1024)]
    public int MaxMessageBytes { get; set; } = 64 * 1024;

    /// <summary>How long a closing handshake may take before the connection is dropped.</summary>
    [TimeRange("00:00:00.1", "00:10:00")]
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
