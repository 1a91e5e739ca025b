using Gateway.Lifetime;
using Gateway.Settings;
using Gateway.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Admission;

/// <summary>Registers the limits.</summary>
public static class LimitsServices
{
    /// <summary>Adds the limits; may be called again.</summary>
    public static IServiceCollection AddLimits(this IServiceCollection services)
    {
        if (services.Any(s => s.ServiceType == typeof(ConnectionLimiter))) return services;
        services.AddOptions<LimitsOptions>().BindConfiguration(LimitsOptions.Section).ValidateOnStart(LimitsOptions.Section, new LimitsOptionsValidator());
        services.TryAddSingleton<GatewayMetrics>();
        services.TryAddSingleton<DrainState>();
        services.AddSingleton<ConnectionLimiter>();
        services.AddSingleton<ClientLimits>();
        return services;
    }
}
