using Gateway.Log.Memory;
using Gateway.Log.Sqlite;
using Gateway.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Gateway.Log;

/// <summary>Registers the session log.</summary>
public static class LogServices
{
    /// <summary>Adds <see cref="ISessionLog"/> as <c>Gateway:Storage</c> configures it, with retention and compaction.</summary>
    /// <remarks>Wrong settings, and a file that cannot be used, stop the host at start with a sentence that names them.</remarks>
    public static IServiceCollection AddSessionLog(this IServiceCollection services)
    {
        services.AddOptions<StorageOptions>().BindConfiguration(StorageOptions.Section).ValidateOnStart(StorageOptions.Section, new StorageOptionsValidator());
        services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.Section).ValidateOnStart(RetentionOptions.Section, new RetentionOptionsValidator());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(Open);
        // Both stores are their own history and health.
        services.AddSingleton(provider => (ILogHistory)provider.GetRequiredService<ISessionLog>());
        services.AddSingleton(provider => (ILogHealth)provider.GetRequiredService<ISessionLog>());
        services.AddHostedService<LogHistoryService>();
        return services;
    }

    private static ISessionLog Open(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<StorageOptions>>().Value;
        if (options.Provider == StorageOptions.Memory) return new MemorySessionLog();

        var root = provider.GetRequiredService<IHostEnvironment>().ContentRootPath;
        var sqlite = new SqliteLogOptions
        {
            Path = Path.GetFullPath(options.Path, root),
            Durability = options.Durability == StorageOptions.Power ? LogDurability.Power : LogDurability.Process,
        };
        var logger = provider.GetRequiredService<ILogger<SqliteSessionLog>>();
        var held = LogFileLock.Take(sqlite.Path, options.LockTimeout, provider.GetRequiredService<TimeProvider>(), logger);
        try
        {
            return new SqliteSessionLog(sqlite, logger, held);
        }
        catch
        {
            held?.Dispose();
            throw;
        }
    }
}
