using Gateway.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Gateway.Transport;

/// <summary>Registers and switches on what the gateway does below HTTP.</summary>
internal static class TransportServices
{
    // No less than the head of a request may have, and than HTTP/2 prescribes.
    private const int ReadAhead = 64 * 1024;

    /// <summary>Adds the direct door and the settings of the sockets.</summary>
    public static IServiceCollection AddTransport(this IServiceCollection services)
    {
        services.AddOptions<TransportOptions>().BindSettings(TransportOptions.Section).ValidateOnStart();
        services.AddSingleton<ListenSockets>();
        services.AddOptions<SocketTransportOptions>().Configure<ListenSockets>((options, sockets) => options.CreateBoundListenSocket = sockets.Create);
        services.AddSingleton<DescriptorReserve>();
        services.AddSingleton<IConnectionListenerFactory, GuardedTransport>();

        // Where there is no QUIC there is no HTTP/3 either, and a transport that cannot bind would make the server believe that there is.
        if (services.Any(service => service.ServiceType == typeof(IMultiplexedConnectionListenerFactory))) services.AddSingleton<IMultiplexedConnectionListenerFactory, QuicGuard>();
        services.AddSingleton<PendingHeads>();
        services.AddHostedService(s => s.GetRequiredService<PendingHeads>());
        services.AddSingleton<DoorConditions>();
        services.AddSingleton<DirectWebSocketDoor>();
        return services;
    }

    /// <summary>Reads little of a body before somebody asks for it: by default it is a megabyte for each connection.</summary>
    public static void LimitReadAhead(this KestrelServerOptions kestrel)
    {
        kestrel.Limits.MaxRequestBufferSize = ReadAhead;
        kestrel.Limits.Http2.InitialConnectionWindowSize = 2 * ReadAhead;
        kestrel.Limits.Http2.InitialStreamWindowSize = ReadAhead;
    }

    /// <summary>Marks the one endpoint of a path that the direct door may serve as well, unless it has endpoint filters.</summary>
    public static TBuilder CanOpenDirectly<TBuilder>(this TBuilder endpoint, string path)
        where TBuilder : IEndpointConventionBuilder
    {
        // A hub brings a second endpoint, for its negotiation.
        endpoint.Finally(builder =>
        {
            if (builder.FilterFactories.Count == 0 && builder is RouteEndpointBuilder route && route.RoutePattern.RawText == path) builder.Metadata.Add(new DirectMetadata(path));
        });
        return endpoint;
    }

    /// <summary>Opens plain WebSockets before HTTP does, on endpoints that speak HTTP/1.1 without TLS.</summary>
    public static void UseDirectWebSocketDoor(this ListenOptions options)
    {
        var door = options.ApplicationServices.GetService<DirectWebSocketDoor>() ?? throw new InvalidOperationException("UseDirectWebSocketDoor needs AddTransport() on the services.");
        options.Use(next =>
        {
            // The door stands among the endpoint's defaults, ahead of its TLS, and would go round it. Whether there is TLS is
            // known only when the endpoint is complete, which it is here, and no public member of the framework says so except
            // this one, the address that is logged. Should the address look different one day, the door stays shut, and
            // PlainTextTests fail.
            var isPlain = options.ToString()?.StartsWith("http://", StringComparison.Ordinal) == true && options.Protocols.HasFlag(HttpProtocols.Http1);
            return isPlain ? connection => door.OnConnectionAsync(connection, next) : next;
        });
    }
}
