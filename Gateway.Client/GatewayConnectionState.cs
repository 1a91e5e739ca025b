namespace Gateway.Client;

/// <summary>Where the connection of a <see cref="GatewayClient"/> stands.</summary>
public enum GatewayConnectionState
{
    /// <summary>Not connected and not trying: never connected, given up, or disposed.</summary>
    Closed,

    /// <summary>The first connection is being made.</summary>
    Connecting,

    /// <summary>Connected; commands and events flow.</summary>
    Connected,

    /// <summary>The connection was lost and is being made again; readers and commands wait.</summary>
    Reconnecting,
}
