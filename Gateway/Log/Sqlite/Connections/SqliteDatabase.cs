using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Gateway.Log.Sqlite.Connections;

/// <summary>Opens connections to the file, with the settings the log relies on.</summary>
internal sealed class SqliteDatabase(SqliteLogOptions options)
{
    // After this many pages of 4 KiB, SQLite moves the write-ahead log into the file.
    private const int CheckpointPages = 4000;

    // A write-ahead log that readers have made longer is cut to this many bytes when it begins anew.
    private const long MaxIdleWalBytes = 64 * 1024 * 1024;
    // SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE.
    private const int NoCheckpointOnClose = 1006;
    private const int WriterCacheKib = 32 * 1024;

    // What OpenWriter and OpenReader may open; null before the file is there.
    private FileIdentity? _file;

    public string Path => options.Path;

    /// <summary>Is told the session and the name of a prompt whose row cannot be read, and why.</summary>
    public Action<string, string, Exception>? UnreadablePrompt { get; init; }

    /// <summary>Whether only this user may read the file and what lies beside it.</summary>
    public bool IsPrivate { get; private set; }

    /// <summary>Whether the name still leads to the file that was prepared.</summary>
    public bool IsSameFile => File.Exists(Path) && (_file is null || FileIdentity.Of(Path) == _file);

    /// <summary>How long the write-ahead log may become, in bytes.</summary>
    public long MaxLogBytes => options.MaxLogBytes;

    /// <summary>How long it is, or has been since it was cut last.</summary>
    public long LogBytes => new FileInfo(Path + "-wal") is { Exists: true } wal ? wal.Length : 0;

    /// <summary>How long a statement waits for a lock, in milliseconds.</summary>
    public int BusyTimeout => (int)options.BusyTimeout.TotalMilliseconds;

    /// <summary>Creates the file when it is missing and brings it to the newest schema.</summary>
    /// <exception cref="StorageException">The file cannot be used; the sentence says why.</exception>
    public void Prepare()
    {
        try
        {
            if (System.IO.Path.GetDirectoryName(Path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
            // Made here, so that SQLite gives what it puts beside it the same rights.
            if (!File.Exists(Path)) FileLocks.Open(Path, FileAccess.ReadWrite).Dispose();
            IsPrivate = FileLocks.MakePrivate(Path) & FileLocks.MakePrivate(Path + "-wal") & FileLocks.MakePrivate(Path + "-shm") & FileLocks.MakePrivate(Path + ".lock");
            using var connection = Connect(SqliteOpenMode.ReadWriteCreate);
            SqliteSchema.RequireOurs(connection, Path);
            if (raw.sqlite3_db_readonly(connection.Handle, "main") == 1)
            {
                throw new StorageException($"The session log '{Path}' cannot be written: the file, its folder or the disk is read-only.");
            }

            Execute(connection, "PRAGMA journal_mode = WAL");
            SqliteSchema.Migrate(connection, Path);
            _file = FileIdentity.Of(Path);
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw SqliteErrors.ToStorage(exception, Path);
        }
    }

    /// <summary>Opens the connection that writes; never creates the file, so that a lost one is noticed.</summary>
    public SqliteConnection OpenWriter()
    {
        RequireSameFile();
        var connection = Connect(SqliteOpenMode.ReadWrite);
        try
        {
            // A commit is in the hands of the operating system when it returns (OFF), or on the disk (FULL).
            Execute(connection, options.Durability == LogDurability.Power ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF");
            Execute(connection, $"PRAGMA wal_autocheckpoint = {CheckpointPages}");
            Execute(connection, $"PRAGMA journal_size_limit = {MaxIdleWalBytes}");

            // What is deleted is overwritten, and gone from the file with the checkpoint that follows a deletion.
            Execute(connection, "PRAGMA secure_delete = ON");
            Execute(connection, $"PRAGMA cache_size = -{WriterCacheKib}");
            Execute(connection, "PRAGMA temp_store = MEMORY");
            options.WriterOpened?.Invoke(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection that reads.</summary>
    public SqliteConnection OpenReader()
    {
        RequireSameFile();
        var connection = Connect(SqliteOpenMode.ReadWrite);
        try
        {
            Execute(connection, "PRAGMA query_only = ON");
            LeaveLog(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Lets the closing of a connection leave the write-ahead log as it is, also when it is the last one.</summary>
    internal static void LeaveLog(SqliteConnection connection) => raw.sqlite3_db_config(connection.Handle, NoCheckpointOnClose, 1, out _);

    internal static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    // Opens nothing else under the same name: SQLite would write the one's changes into the other.
    private void RequireSameFile()
    {
        if (File.Exists(Path) && !IsSameFile) throw new StorageException($"The session log {Path} has been replaced by another file.");
    }

    private SqliteConnection Connect(SqliteOpenMode mode)
    {
        var text = new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            Mode = mode,
            Pooling = false,
            // The provider retries a busy statement for this long. SQLite's own wait, set below, reacts faster.
            DefaultTimeout = (int)Math.Ceiling(options.BusyTimeout.TotalSeconds),
        };
        var connection = new SqliteConnection(text.ToString());
        try
        {
            connection.Open();
            raw.sqlite3_busy_timeout(connection.Handle, BusyTimeout);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
