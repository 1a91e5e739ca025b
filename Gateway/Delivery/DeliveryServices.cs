using Gateway.Delivery.Sockets;
using Gateway.Diagnostics;
using Gateway.Hubs;
using Gateway.Limits;
using Gateway.Log;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Gateway.Delivery;

/// <summary>Registers delivery.</summary>
public static class DeliveryServices
{
    /// <summary>Adds the feeds, the publisher and SignalR's side of delivery; goes after <c>AddSignalR</c>.</summary>
    public static IServiceCollection AddDelivery(this IServiceCollection services)
    {
        services.AddOptions<DeliveryOptions>().BindConfiguration(DeliveryOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket = ListenSockets.Create);
        services.TryAddSingleton<DeliveryClock>();
        services.AddSingleton<ConnectionRegistry>();
        services.TryAddSingleton<StreamRegistry>();
        services.AddSingleton<DeliveryMetrics>();
        services.AddOptions<KeepAliveOptions>().BindConfiguration(KeepAliveOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ConnectionWatch>();
        services.AddHostedService(s =>
        {
            // Made here so that the instruments exist from the start.
            _ = s.GetRequiredService<DeliveryMetrics>();
            return s.GetRequiredService<ConnectionWatch>();
        });
        services.AddSingleton(s => new SessionFeeds(
            s.GetRequiredService<ISessionLog>(),
            s.GetRequiredService<DeliveryClock>(),
            s.GetRequiredService<ConnectionRegistry>(),
            s.GetRequiredService<GatewayMetrics>(),
            s.GetRequiredService<ClientLimits>(),
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<IOptions<DeliveryOptions>>(),
            s.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<ISessionReaders>(s => s.GetRequiredService<SessionFeeds>());
        services.AddSingleton<ISessionReader, SessionReader>();
        services.AddSingleton<ISessionPublisher, SessionPublisher>();
        services.AddSingleton<SessionHubLifetimeManager>();
        services.AddSingleton<HubLifetimeManager<WorkflowHub>>(s => s.GetRequiredService<SessionHubLifetimeManager>());
        return services;
    }
}
