using Gateway.Log.Sqlite.Connections;
using Gateway.Settings;
using Microsoft.Extensions.Options;

namespace Gateway.Log.Sqlite;

/// <summary>Registers the store in a SQLite file.</summary>
internal static class SqliteStoreServices
{
    /// <summary>The name of the store in <c>Gateway:Storage:Provider</c>.</summary>
    public const string Provider = "sqlite";

    /// <summary>Adds the store that keeps everything in one file, configured by <see cref="SqliteStoreOptions"/>.</summary>
    public static IServiceCollection AddSqliteStore(this IServiceCollection services)
    {
        // Checked when the store is opened, which the host does at start: a gateway with another store needs no file.
        services.AddOptions<SqliteStoreOptions>().BindConfiguration(SqliteStoreOptions.Section).Validate(SqliteStoreOptions.Section, new SqliteStoreOptionsValidator());
        return services.AddLogStore(Provider, Open);
    }

    private static SqliteSessionLog Open(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<SqliteStoreOptions>>().Value;
        var root = provider.GetRequiredService<IHostEnvironment>().ContentRootPath;
        var sqlite = new SqliteLogOptions
        {
            Path = Path.GetFullPath(options.Path, root),
            Durability = options.Durability == SqliteStoreOptions.Power ? LogDurability.Power : LogDurability.Process,
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
