using Microsoft.AspNetCore.Connections;

namespace Gateway.Transport;

/// <summary>A door that <see cref="DirectWebSocketDoor"/> opens below HTTP.</summary>
internal interface IDirectEndpoint
{
    /// <summary>The path it serves, one of <see cref="Contracts.GatewayPath"/>.</summary>
    string Path { get; }

    /// <summary>Accepts the upgrade and serves the connection until it ends.</summary>
    Task ServeAsync(ConnectionContext connection, DirectUpgrade upgrade);
}
