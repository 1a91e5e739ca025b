using Microsoft.AspNetCore.Connections;

namespace Gateway.Transport;

/// <summary>An address that <see cref="DirectWebSocketDoor"/> can serve below HTTP.</summary>
internal interface IDirectEndpoint
{
    /// <summary>The path it serves, one of <see cref="Contracts.GatewayPath"/>.</summary>
    string Path { get; }

    /// <summary>The query parameters it knows; a request with any other takes the ordinary way.</summary>
    IReadOnlyList<string> Parameters { get; }

    /// <summary>Accepts the upgrade and serves the connection until it ends.</summary>
    Task ServeAsync(ConnectionContext connection, DirectUpgrade upgrade);
}
