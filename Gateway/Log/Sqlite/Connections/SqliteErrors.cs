using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Gateway.Log.Sqlite.Connections;

/// <summary>What SQLite's result codes mean for the log, as sentences.</summary>
internal static class SqliteErrors
{
    /// <summary>The error as callers of the log know it.</summary>
    public static StorageException ToStorage(Exception exception, string path) => exception switch
    {
        StorageException storage => storage,
        SqliteException sqlite => new StorageException(Sentence(sqlite, path), sqlite),
        IOException or UnauthorizedAccessException => new StorageException($"The session log '{path}' cannot be opened: {exception.Message} Point {StorageOptions.Section}:Path at a file in a folder that may be written.", exception),
        _ => new StorageException($"The session log '{path}' failed: {exception.Message}", exception),
    };

    /// <summary>What is wrong with one session's rows rather than with the store; null when it is the store.</summary>
    /// <remarks>The schema's only constraints are those that rows behind the end of a log break.</remarks>
    public static DamagedLogException? ToDamage(Exception exception) =>
        exception is SqliteException { SqliteErrorCode: raw.SQLITE_CONSTRAINT } sqlite
            ? new DamagedLogException($"The log holds events behind its end: {sqlite.Message}", sqlite)
            : null;

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
        raw.SQLITE_CANTOPEN => $"The session log '{path}' cannot be opened: check that it is a file whose folder exists and may be written, or point {StorageOptions.Section}:Path at another.",
        raw.SQLITE_NOTADB => $"'{path}' is not a SQLite database; point {StorageOptions.Section}:Path at another file, or move this one away.",
        raw.SQLITE_ERROR => $"The session log '{path}' does not have the tables that belong to its version ({exception.Message}): it is damaged or was changed by another program; restore it from a copy, or point {StorageOptions.Section}:Path at another file.",
        raw.SQLITE_CORRUPT => $"The session log '{path}' is damaged.",
        _ => $"The session log '{path}' failed: {exception.Message}",
    };
}
