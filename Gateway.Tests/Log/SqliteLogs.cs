using Gateway.Log.Sqlite;
using Gateway.Log.Sqlite.Connections;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Log;

/// <summary>Opens SQLite logs, and their files behind their back.</summary>
internal static class SqliteLogs
{
    public static SqliteSessionLog Open(string path, Action<SqliteConnection>? writerOpened = null, TimeSpan? busyTimeout = null, ILogger<SqliteSessionLog>? logger = null, LogDurability durability = LogDurability.Process) =>
        new(
            new SqliteLogOptions { Path = path, Durability = durability, WriterOpened = writerOpened, BusyTimeout = busyTimeout ?? TimeSpan.FromSeconds(1) },
            logger ?? NullLogger<SqliteSessionLog>.Instance);

    public static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    public static void Execute(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static long Number(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
