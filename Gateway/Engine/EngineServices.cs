using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Engine;

/// <summary>Registers the engine.</summary>
public static class EngineServices
{
    /// <summary>Runs sessions in this process; needs a session log, a publisher and a model catalog.</summary>
    public static IServiceCollection AddEngine(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<LocalSessionHost>();
        services.AddSingleton<ISessionHost>(provider => provider.GetRequiredService<LocalSessionHost>());
        services.AddSingleton(provider => provider.GetRequiredService<LocalSessionHost>().StorageHealth);
        services.AddHostedService<SessionRecovery>();
        services.AddHostedService<StorageRetry>();
        return services;
    }
}
