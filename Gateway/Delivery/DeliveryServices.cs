using Gateway.Delivery.Wires;
using Gateway.Log;
using Gateway.Settings;

namespace Gateway.Delivery;

/// <summary>Registers delivery.</summary>
internal static class DeliveryServices
{
    /// <summary>Adds the feeds, and what watches the connections that read them; each door adds its wire.</summary>
    public static IServiceCollection AddDelivery(this IServiceCollection services)
    {
        services.AddOptions<DeliveryOptions>().BindSettings(DeliveryOptions.Section).ValidateOnStart(DeliveryOptions.Section, new DeliveryOptionsValidator());
        services.AddOptions<GatewayWebSocketOptions>().BindSettings(GatewayWebSocketOptions.Section).ValidateOnStart(GatewayWebSocketOptions.Section, new GatewayWebSocketOptionsValidator());
        services.AddSingleton<DeliveryClock>();
        services.AddSingleton<ConnectionRegistry>();
        services.AddSingleton<WireRegistry>();
        services.AddSingleton<DeliveryMetrics>();
        services.AddSingleton<ConnectionWatch>();
        services.AddHostedService(s =>
        {
            // Made here so that the instruments exist from the start.
            _ = s.GetRequiredService<DeliveryMetrics>();
            return s.GetRequiredService<ConnectionWatch>();
        });
        services.AddSingleton<SessionFeeds>();
        services.AddSingleton<SessionTaps>();
        services.AddSingleton<ICommitListener>(s => s.GetRequiredService<SessionTaps>());
        services.AddSingleton<IDeletionListener>(s => s.GetRequiredService<SessionTaps>());
        services.AddSingleton<IDeletionListener>(s => s.GetRequiredService<SessionFeeds>());
        return services;
    }
}
