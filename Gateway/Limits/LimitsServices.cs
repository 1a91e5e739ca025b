using Gateway.Diagnostics;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Limits;

/// <summary>Registers the limits, and puts those of connections before the doors.</summary>
public static class LimitsServices
{
    /// <summary>Adds the limits; may be called again.</summary>
    public static IServiceCollection AddLimits(this IServiceCollection services)
    {
        if (services.Any(s => s.ServiceType == typeof(ConnectionLimiter))) return services;
        services.AddOptions<LimitsOptions>().BindConfiguration(LimitsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<GatewayMetrics>();
        services.TryAddSingleton<DrainState>();
        services.AddSingleton<ConnectionLimiter>();
        services.AddSingleton<ClientLimits>();
        return services;
    }

    /// <summary>Refuses connections that are too many; goes after what recognises WebSockets and before the doors.</summary>
    public static IApplicationBuilder UseConnectionLimits(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetService<ConnectionLimiter>() is null) throw new InvalidOperationException("UseConnectionLimits needs AddLimits() on the services.");
        return app.UseMiddleware<ConnectionGate>();
    }
}
