namespace Gateway.Contracts;

/// <summary>Where a gateway is reached, below its own address.</summary>
public static class GatewayPath
{
    /// <summary>The raw WebSocket.</summary>
    public const string WebSocket = "/ws";

    /// <summary>The SignalR hub.</summary>
    public const string Hub = "/hub";

    /// <summary>The HTTP API.</summary>
    public const string Api = "/api/v1";
}
