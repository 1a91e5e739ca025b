using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Gateway.Transport;

/// <summary>Registers and switches on what the gateway does below HTTP.</summary>
public static class TransportServices
{
    /// <summary>Adds the direct door and the settings of the sockets.</summary>
    public static IServiceCollection AddTransport(this IServiceCollection services)
    {
        services.Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket = ListenSockets.Create);
        services.AddSingleton<PendingHeads>();
        services.AddHostedService(s => s.GetRequiredService<PendingHeads>());
        services.AddSingleton<DirectWebSocketDoor>();
        return services;
    }

    /// <summary>Opens <c>/ws</c> and <c>/hub</c> connections before HTTP does, on endpoints that speak HTTP/1.1 without TLS.</summary>
    public static void UseDirectWebSocketDoor(this ListenOptions options)
    {
        var door = options.ApplicationServices.GetService<DirectWebSocketDoor>() ?? throw new InvalidOperationException("UseDirectWebSocketDoor needs AddTransport() on the services.");
        options.Use(next =>
        {
            // Asked when the endpoint is whole: its TLS comes after its defaults, and what is served here would go round it.
            var isPlain = options.ToString()?.StartsWith("http://", StringComparison.Ordinal) == true && options.Protocols.HasFlag(HttpProtocols.Http1);
            return isPlain ? connection => door.OnConnectionAsync(connection, next) : next;
        });
    }
}
