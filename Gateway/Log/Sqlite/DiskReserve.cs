namespace Gateway.Log.Sqlite;

/// <summary>Room on the disk that new sessions do not get, so that those that run can end.</summary>
/// <param name="path">The log file.</param>
/// <param name="bytes">How much room, in bytes; 0 for none; null for the usual.</param>
internal sealed class DiskReserve(string path, long? bytes)
{
    private const long Usual = 64 * 1024 * 1024;
    private const int PartOfSmallDisk = 20;

    // What waits in the write-ahead log has to find room in the file, too; more of it than that is rare.
    private const long LeastOfSmallDisk = 24 * 1024 * 1024;

    private readonly DriveInfo? _disk = Find(path);
    private bool _wasShort;

    /// <summary>The room, in bytes, unless the setting says otherwise: 64 MiB, or a twentieth of a smaller disk, but no less than 24 MiB or half of it.</summary>
    public long Reserve => bytes ?? OfDisk(_disk?.TotalSize ?? 0);

    /// <summary>The room that is kept on a disk of a size, in bytes.</summary>
    internal static long OfDisk(long size) => Math.Min(Usual, Math.Max(size / PartOfSmallDisk, Math.Min(LeastOfSmallDisk, size / 2)));

    /// <summary>Why no session can be started now; null when there is room.</summary>
    public StorageException? FindShortage() => IsShort()
        ? new StorageException($"The disk of the session log '{path}' has less than {Reserve} bytes free; free some room, or lower Gateway:Storage:ReserveBytes.")
        {
            ForClients = "The gateway's disk is nearly full: it starts no new sessions, so that those that run can end. Ask whoever runs the gateway to make room (Gateway:Storage:ReserveBytes), then try again.",
        }
        : null;

    /// <summary>Whether the disk has become short, or has room again, since this was asked last; null when nothing has changed.</summary>
    public bool? NoteChange()
    {
        var isShort = IsShort();
        if (isShort == _wasShort) return null;
        _wasShort = isShort;
        return isShort;
    }

    private static DriveInfo? Find(string path)
    {
        try
        {
            return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(path)! : Path.GetDirectoryName(path)!);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // A disk that does not tell is left to the writes, which fail when it is full.
    private bool IsShort()
    {
        if (bytes == 0 || _disk is null) return false;
        try
        {
            return _disk.AvailableFreeSpace < Reserve;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
