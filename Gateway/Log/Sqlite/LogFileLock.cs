using System.Text;
using Gateway.Log.Sqlite.Connections;

namespace Gateway.Log.Sqlite;

/// <summary>Keeps a second gateway off a log file for as long as this process lives.</summary>
/// <remarks>
/// Two gateways on one file cannot corrupt a log, but each would take the running sessions of the other for those of a
/// dead process and run them too. There are two locks. The one in a file beside the log holds also while the log is replaced
/// by another file. The one in the log itself, on Linux, holds whatever name the log is reached by: a link, or a mount into
/// another container. The system releases both when the process ends, however it ends. The file beside the log stays: removing
/// it would let two processes lock two files of one name.
/// </remarks>
internal sealed partial class LogFileLock : IDisposable
{
    private const string Suffix = ".lock";
    private const int MaxNote = 256;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly FileStream _beside;
    private readonly FileStream? _itself;

    private LogFileLock(FileStream beside, FileStream? itself, bool isNew)
    {
        _beside = beside;
        _itself = itself;
        IsNew = isNew;
    }

    /// <summary>Whether there was no lock file: no gateway has had the log open at this place.</summary>
    public bool IsNew { get; }

    /// <summary>What the gateway that had the log last has noted about it; empty when it has not.</summary>
    public string Note
    {
        get
        {
            var bytes = new byte[MaxNote];
            return Encoding.UTF8.GetString(bytes, 0, RandomAccess.Read(_beside.SafeFileHandle, bytes, 0));
        }

        set
        {
            // A lock file that belongs to another user cannot be written; then the next start knows less.
            if (!_beside.CanWrite) return;
            var bytes = Encoding.UTF8.GetBytes(value);
            RandomAccess.Write(_beside.SafeFileHandle, bytes, 0);
            RandomAccess.SetLength(_beside.SafeFileHandle, bytes.Length);
        }
    }

    /// <summary>Reads from the log file itself; false where it is not open, or shorter.</summary>
    public bool TryReadLog(Span<byte> bytes, long offset)
    {
        try
        {
            return _itself is not null && RandomAccess.Read(_itself.SafeFileHandle, bytes, offset) == bytes.Length;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Takes the lock; waits for the gateway that has it to end, as in a rolling restart.</summary>
    /// <param name="path">The log file, links resolved; it is made, empty, when it is missing.</param>
    /// <param name="patience">How long to wait at most.</param>
    /// <param name="time">Measures it.</param>
    /// <param name="logger">Is told once when there is something to wait for.</param>
    /// <exception cref="StorageException">Another gateway still has it, or it cannot be locked.</exception>
    public static LogFileLock Take(string path, TimeSpan patience, TimeProvider time, ILogger logger)
    {
        var began = time.GetTimestamp();
        var told = false;
        while (true)
        {
            if (TryTake(path) is { } taken) return taken;
            if (time.GetElapsedTime(began) >= patience) throw new StorageException($"Another gateway has the session log {path} open; stop it, or give this one its own file with Gateway:Storage:Path.");
            if (!told) LogWaiting(logger, path, patience);
            told = true;

            // The host has not started yet, and the system sends no signal when a lock is released, so this thread sleeps and tries again.
#pragma warning disable RS0030
            Thread.Sleep(Pause);
#pragma warning restore RS0030
        }
    }

    /// <summary>Gives it back.</summary>
    public void Dispose()
    {
        _itself?.Dispose();
        _beside.Dispose();
    }

    private static LogFileLock? TryTake(string path)
    {
        if (Directory.Exists(path) || Path.EndsInDirectorySeparator(path))
        {
            throw new StorageException($"The session log '{path}' is a folder; give {StorageOptions.Section}:Path a file in it, such as '{Path.Combine(path, "gateway.db")}'.");
        }

        FileStream? beside = null;
        FileStream? itself = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var isNew = !File.Exists(path + Suffix);
            beside = OpenLock(path + Suffix);
            if (FileLocks.TryLock(beside))
            {
                // Opened only now: closing it releases all that SQLite has locked in this process.
                itself = OperatingSystem.IsWindows() ? null : FileLocks.Open(path, FileAccess.ReadWrite);
                if (itself is null || FileLocks.TryLockContent(itself))
                {
                    var taken = new LogFileLock(beside, itself, isNew);
                    (beside, itself) = (null, null);
                    return taken;
                }
            }

            return null;
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new StorageException(
                $"The session log '{path}' cannot be locked against a second gateway: {exception.Message} Let this user write the file, its folder and '{Path.GetFileName(path)}{Suffix}', or point {StorageOptions.Section}:Path at another file.", exception);
        }
        finally
        {
            itself?.Dispose();
            beside?.Dispose();
        }
    }

    // Reading is enough for the lock: the file may be left from a run as another user.
    private static FileStream OpenLock(string path)
    {
        try
        {
            return FileLocks.Open(path, FileAccess.ReadWrite);
        }
        catch (UnauthorizedAccessException) when (File.Exists(path))
        {
            return FileLocks.Open(path, FileAccess.Read);
        }
    }

    // The codes .NET reports for EWOULDBLOCK from flock on Linux and macOS, and for a sharing violation on Windows.
    private static bool IsHeld(IOException exception) =>
        exception.GetType() == typeof(IOException) && ((exception.HResult & 0xFFFF) is 11 or 35 or 32);
}
