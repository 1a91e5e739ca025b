using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Gateway.Log.Sqlite;

/// <summary>What SQLite's result codes mean for the log, as sentences.</summary>
internal static class SqliteErrors
{
    /// <summary>The error as callers of the log know it.</summary>
    public static StorageException ToStorage(Exception exception, string path) => exception switch
    {
        StorageException storage => storage,
        SqliteException sqlite => new StorageException(Sentence(sqlite, path), sqlite),
        _ => new StorageException($"The session log '{path}' failed: {exception.Message}", exception),
    };

    /// <summary>Whether another program has locked the file; trying again at once is of no use.</summary>
    public static bool IsBusy(Exception exception) =>
        exception is SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED };

    /// <summary>Whether the file's content is wrong, rather than the way to it.</summary>
    public static bool IsDamage(SqliteException exception) =>
        exception.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_MISMATCH;

    /// <summary>Whether the connection is still good after this error; else it is opened anew.</summary>
    public static bool LeavesConnectionGood(Exception exception) =>
        exception is SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_FULL or raw.SQLITE_CONSTRAINT or raw.SQLITE_TOOBIG };

    private static string Sentence(SqliteException exception, string path) => exception.SqliteErrorCode switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"The session log '{path}' is locked by another program.",
        raw.SQLITE_FULL => $"The session log '{path}' cannot grow: the disk is full.",
        raw.SQLITE_IOERR => $"The session log '{path}' cannot be read or written: I/O error {exception.SqliteExtendedErrorCode}.",
        raw.SQLITE_READONLY => $"The session log '{path}' cannot be written: the file, its folder or the disk is read-only.",
        raw.SQLITE_CANTOPEN => $"The session log '{path}' cannot be opened: check that its folder exists and may be written.",
        raw.SQLITE_NOTADB => $"'{path}' is not a SQLite database; point {StorageOptions.Section}:Path at another file, or move this one away.",
        raw.SQLITE_CORRUPT => $"The session log '{path}' is damaged.",
        _ => $"The session log '{path}' failed: {exception.Message}",
    };
}
