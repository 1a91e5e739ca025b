using Gateway.Commands;
using Gateway.Transport;

namespace Gateway.Doors.WebSockets;

/// <summary>Registers the raw WebSocket door.</summary>
internal static class WebSocketServices
{
    /// <summary>Adds what <see cref="WebSocketEndpoint.MapRawWebSocket"/> needs.</summary>
    public static IServiceCollection AddRawWebSockets(this IServiceCollection services)
    {
        services.AddConnectionCommands();
        services.AddSingleton<RawWire>();
        services.AddSingleton<Replies>();
        services.AddSingleton<WebSocketConnections>();
        services.AddSingleton<IDirectEndpoint, DirectRawWebSocket>();
        return services;
    }
}
