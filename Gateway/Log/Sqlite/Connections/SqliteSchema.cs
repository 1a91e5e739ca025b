using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Gateway.Log.Sqlite.Connections;

/// <summary>The versions of the file's schema, and the way from each to the newest.</summary>
/// <remarks>The file carries its version in <c>user_version</c> and the log's mark in <c>application_id</c>.</remarks>
internal static class SqliteSchema
{
    // "GWLG": tells a session log from other programs' databases.
    private const long ApplicationId = 0x47574C47;

    // Script n leads from version n-1 to n.
    private static readonly string[] Scripts = ["001.sql", "002.sql", "003.sql", "004.sql", "005.sql", "006.sql"];

    /// <summary>The version this program writes.</summary>
    public static int Newest => Scripts.Length;

    /// <summary>Refuses a file of another program, or of a newer version of this one, before anything is written.</summary>
    /// <exception cref="StorageException">The sentence names the file.</exception>
    public static void RequireOurs(SqliteConnection connection, string path)
    {
        var mark = Read(connection, "PRAGMA application_id");
        var isEmpty = Read(connection, "SELECT count(*) FROM sqlite_schema") == 0;
        if (mark != ApplicationId && !(mark == 0 && isEmpty))
        {
            throw new StorageException($"'{path}' is a database of another program; point {StorageOptions.Section}:Path at another file.");
        }

        var version = Read(connection, "PRAGMA user_version");
        if (version < 0)
        {
            throw new StorageException($"The session log '{path}' is damaged: its schema version is {version}; restore it from a copy, or point {StorageOptions.Section}:Path at another file.");
        }

        if (version > Newest)
        {
            throw new StorageException($"The session log '{path}' was written by a newer version of the gateway (schema {version}; this one knows up to {Newest}); use that version, or another file.");
        }
    }

    /// <summary>Brings the file to the newest version, in one transaction.</summary>
    public static void Migrate(SqliteConnection connection, string path)
    {
        if (Read(connection, "PRAGMA user_version") == Newest) return;

        using var transaction = connection.BeginTransaction(deferred: false);
        // Again, inside the transaction: another process may have been faster.
        RequireOurs(connection, path);
        var version = (int)Read(connection, "PRAGMA user_version");
        for (; version < Newest; version++) SqliteDatabase.Execute(connection, Script(Scripts[version]));
        SqliteDatabase.Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Newest}"));
        transaction.Commit();
    }

    private static long Read(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static string Script(string name)
    {
        using var stream = typeof(SqliteSchema).Assembly.GetManifestResourceStream($"Gateway.Log.Sqlite.Schema.{name}")
            ?? throw new InvalidOperationException($"The schema script '{name}' is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
