using Gateway.Admission;
using Gateway.Log;
using Gateway.Settings;
using Gateway.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Gateway.Delivery;

/// <summary>Registers delivery.</summary>
public static class DeliveryServices
{
    /// <summary>Adds the feeds, and what watches the connections that read them.</summary>
    public static IServiceCollection AddDelivery(this IServiceCollection services)
    {
        services.AddOptions<DeliveryOptions>().BindConfiguration(DeliveryOptions.Section).ValidateOnStart(DeliveryOptions.Section, new DeliveryOptionsValidator());
        services.TryAddSingleton<DeliveryClock>();
        services.AddSingleton<ConnectionRegistry>();
        services.TryAddSingleton<StreamRegistry>();
        services.AddSingleton<DeliveryMetrics>();
        services.AddOptions<KeepAliveOptions>().BindConfiguration(KeepAliveOptions.Section).ValidateOnStart(KeepAliveOptions.Section, new KeepAliveOptionsValidator());
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
        return services;
    }
}
