namespace Gateway.Client;

/// <summary>How client and gateway talk to each other.</summary>
public enum GatewayWire
{
    /// <summary>MessagePack over SignalR: smaller and faster.</summary>
    MessagePack,

    /// <summary>JSON over SignalR: readable in a network trace.</summary>
    Json,

    /// <summary>JSON over the raw WebSocket <c>/ws</c>, without SignalR.</summary>
    WebSocket,
}
