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
        services.AddOptions<SqliteStoreOptions>().BindSettings(SqliteStoreOptions.Section).Validate(SqliteStoreOptions.Section, new SqliteStoreOptionsValidator());
        return services.AddLogStore(Provider, Open);
    }

    private static SqliteSessionLog Open(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<SqliteStoreOptions>>().Value;
        var root = provider.GetRequiredService<IHostEnvironment>().ContentRootPath;
        var sqlite = new SqliteLogOptions
        {
            Path = Resolve(Path.GetFullPath(options.Path, root)),
            ReserveBytes = options.ReserveBytes,
            Durability = options.Durability == SqliteStoreOptions.Power ? LogDurability.Power : LogDurability.Process,
        };
        var logger = provider.GetRequiredService<ILogger<SqliteSessionLog>>();
        var time = provider.GetRequiredService<TimeProvider>();
        var held = LogFileLock.Take(sqlite.Path, options.LockTimeout, time, logger);
        try
        {
            return new SqliteSessionLog(sqlite, logger, held, time, provider.GetService<LogTraffic>());
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    // Whatever link the setting names, the locks and the write-ahead log lie beside the file itself.
    private static string Resolve(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (IOException)
        {
            // It, or a folder on its way, is missing or no folder; opening it says so.
            return path;
        }
        catch (UnauthorizedAccessException)
        {
            return path;
        }
    }
}
