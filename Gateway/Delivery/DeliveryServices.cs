using Gateway.Hubs;
using Microsoft.AspNetCore.SignalR;

namespace Gateway.Delivery;

/// <summary>Registers delivery.</summary>
public static class DeliveryServices
{
    /// <summary>Adds the feeds, the publisher and SignalR's side of delivery; goes after <c>AddSignalR</c>.</summary>
    public static IServiceCollection AddDelivery(this IServiceCollection services)
    {
        services.AddOptions<DeliveryOptions>().BindConfiguration(DeliveryOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<DeliveryClock>();
        services.AddSingleton<ConnectionRegistry>();
        services.AddSingleton<DeliveryMetrics>();
        services.AddOptions<KeepAliveOptions>().BindConfiguration(KeepAliveOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ConnectionWatch>();
        services.AddHostedService(s =>
        {
            // Made here so that the instruments exist from the start.
            _ = s.GetRequiredService<DeliveryMetrics>();
            return s.GetRequiredService<ConnectionWatch>();
        });
        services.AddSingleton<SessionFeeds>();
        services.AddSingleton<ISessionReader, SessionReader>();
        services.AddSingleton<ISessionPublisher, SessionPublisher>();
        services.AddSingleton<SessionHubLifetimeManager>();
        services.AddSingleton<HubLifetimeManager<WorkflowHub>>(s => s.GetRequiredService<SessionHubLifetimeManager>());
        return services;
    }
}
