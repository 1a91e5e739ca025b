using Microsoft.Data.Sqlite;

namespace Gateway.Log.Sqlite.Connections;

/// <summary>How a SQLite log keeps its file.</summary>
internal sealed record SqliteLogOptions
{
    /// <summary>The file; it and its folder are created when missing.</summary>
    public required string Path { get; init; }

    /// <summary>What a committed event survives.</summary>
    public LogDurability Durability { get; init; } = LogDurability.Process;

    /// <summary>Writes that may wait for the writer; a caller beyond that waits for room.</summary>
    public int MaxPendingWrites { get; init; } = 4096;

    /// <summary>Reads that run at once; a caller beyond that waits for its turn.</summary>
    public int MaxReaders { get; init; } = 8;

    /// <summary>How long a write waits for another program that has locked the file, in whole seconds.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the write-ahead log may become before appends wait a moment for readers to let it begin anew, in bytes.</summary>
    public long MaxLogBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>Room on the disk below which no session is created, in bytes; 0 for none, null for the usual.</summary>
    public long? ReserveBytes { get; init; }

    /// <summary>Sees every connection that writes as it is opened; tests make faults through it.</summary>
    internal Action<SqliteConnection>? WriterOpened { get; init; }
}
