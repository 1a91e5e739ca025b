using System.Buffers.Binary;

namespace Gateway.Log.Sqlite;

/// <summary>What a database file and the write-ahead log beside it looked like at one moment; tells whether they still belong together.</summary>
/// <param name="Wal">Which use of the write-ahead log: its number and salts, which change whenever it begins anew.</param>
/// <param name="Page">What the first page of the database says of itself: how often it was changed, its size, its free pages, its schema.</param>
/// <remarks>
/// While a write-ahead log is in use, the database's first page is either as it was when that use began, or one of those that
/// the write-ahead log holds. Any other comes from somebody who wrote the file past SQLite: a backup that was copied into it.
/// </remarks>
internal readonly record struct LogGeneration(string Wal, string Page)
{
    // Of SQLite's file formats, in bytes.
    private const int PageStampAt = 24;
    private const int PageStampLength = 20;
    private const int WalHeaderLength = 32;
    private const int WalPageSizeAt = 8;
    private const int WalUseAt = 12;
    private const int WalUseLength = 12;
    private const int SaltsInUseAt = 4;
    private const int FrameHeaderLength = 24;
    private const int FrameSaltsAt = 8;
    private const int SaltsLength = 8;

    /// <summary>The generation now; null while it changes, while the write-ahead log is empty, or where it cannot be read.</summary>
    /// <param name="log">Reads the database: opening it another time, and closing that, would release SQLite's locks.</param>
    /// <param name="wal">The write-ahead log.</param>
    public static LogGeneration? Of(LogFileLock log, string wal)
    {
        Span<byte> page = stackalloc byte[PageStampLength];
        Span<byte> again = stackalloc byte[PageStampLength];
        var before = UseOf(wal);
        if (before is null || !log.TryReadLog(page, PageStampAt) || UseOf(wal) != before || !log.TryReadLog(again, PageStampAt) || !page.SequenceEqual(again)) return null;
        return new LogGeneration(before, Convert.ToHexStringLower(page));
    }

    /// <summary>Reads what <see cref="ToString"/> has written; null when it is something else.</summary>
    public static LogGeneration? Parse(ReadOnlySpan<string> words) => words is [var wal, var page] ? new LogGeneration(wal, page) : null;

    /// <summary>Whether the files can have become <paramref name="now"/> by SQLite's own doing. Whatever cannot be told counts as that.</summary>
    public bool Explains(LogGeneration now, string wal) => now.Wal != Wal || now.Page == Page || HoldsPage(now, wal) || UseOf(wal) != now.Wal;

    /// <inheritdoc/>
    public override string ToString() => $"{Wal} {Page}";

    private static string? UseOf(string wal)
    {
        try
        {
            using var file = Open(wal);
            Span<byte> use = stackalloc byte[WalUseLength];
            return RandomAccess.Read(file, use, WalUseAt) == WalUseLength ? Convert.ToHexStringLower(use) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Whether the write-ahead log holds this first page. Pages of an earlier use may follow those of the one that counts.
    private static bool HoldsPage(LogGeneration now, string wal)
    {
        try
        {
            using var file = Open(wal);
            Span<byte> head = stackalloc byte[WalHeaderLength];
            if (RandomAccess.Read(file, head, 0) < WalHeaderLength) return false;
            var size = BinaryPrimitives.ReadUInt32BigEndian(head[WalPageSizeAt..]);
            var frameLength = FrameHeaderLength + (size == 1 ? 65_536L : size);
            var salts = head.Slice(WalUseAt + SaltsInUseAt, SaltsLength);
            Span<byte> frame = stackalloc byte[FrameHeaderLength + PageStampAt + PageStampLength];
            for (long at = WalHeaderLength; RandomAccess.Read(file, frame, at) == frame.Length && frame.Slice(FrameSaltsAt, SaltsLength).SequenceEqual(salts); at += frameLength)
            {
                if (BinaryPrimitives.ReadUInt32BigEndian(frame) == 1 && Convert.ToHexStringLower(frame[(FrameHeaderLength + PageStampAt)..]) == now.Page) return true;
            }

            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It cannot be told.
            return true;
        }
    }

    private static Microsoft.Win32.SafeHandles.SafeFileHandle Open(string wal) => File.OpenHandle(wal, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
