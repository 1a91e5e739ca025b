using Gateway.Settings;
using Gateway.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Gateway.Log;

/// <summary>Registers the session log.</summary>
public static class LogServices
{
    /// <summary>Adds <see cref="ISessionLog"/> on the store that <c>Gateway:Storage:Provider</c> names, with retention and compaction.</summary>
    /// <remarks>
    /// Each store is added beside it, by its own <c>AddXStore</c>. Wrong settings, and a store that cannot be opened, stop the
    /// host at start with a sentence that names them.
    /// </remarks>
    public static IServiceCollection AddSessionLog(this IServiceCollection services)
    {
        services.AddOptions<StorageOptions>().BindSettings(StorageOptions.Section).ValidateOnStart(StorageOptions.Section, new StorageOptionsValidator());
        services.AddOptions<RetentionOptions>().BindSettings(RetentionOptions.Section).ValidateOnStart(RetentionOptions.Section, new RetentionOptionsValidator());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<LogStoreProviders>();
        services.AddSingleton<IValidateOptions<StorageOptions>>(provider => provider.GetRequiredService<LogStoreProviders>());
        services.TryAddSingleton<GatewayMetrics>();
        services.AddSingleton<LogTraffic>();
        services.AddSingleton<LogMetrics>();
        services.AddSingleton<ISessionLog>(provider =>
        {
            // Made here so that the instruments exist from the start.
            _ = provider.GetRequiredService<LogMetrics>();
            return provider.GetRequiredService<LogStoreProviders>().Open(provider.GetRequiredService<IOptions<StorageOptions>>().Value.Provider, provider);
        });

        // Asked of the log and not of the store, so that a host can put a log of its own around or in place of it.
        services.AddSingleton(provider => (ILogHistory)provider.GetRequiredService<ISessionLog>());
        services.AddSingleton(provider => (ILogHealth)provider.GetRequiredService<ISessionLog>());
        services.AddHostedService<LogHistoryService>();
        return services;
    }

    /// <summary>Adds a store, which <c>Gateway:Storage:Provider</c> chooses by its name.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="name">The name, in lower case.</param>
    /// <param name="open">Opens the store; throws <see cref="StorageException"/> with a sentence for operators.</param>
    public static IServiceCollection AddLogStore(this IServiceCollection services, string name, Func<IServiceProvider, ILogStore> open) =>
        services.AddSingleton(new LogStoreProvider(name, open));
}
