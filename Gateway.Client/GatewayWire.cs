namespace Gateway.Client;

/// <summary>How messages are encoded between client and gateway.</summary>
public enum GatewayWire
{
    /// <summary>MessagePack: smaller and faster.</summary>
    MessagePack,

    /// <summary>JSON: readable in a network trace.</summary>
    Json,
}
