namespace Gateway.Log.Sqlite;

/// <summary>Keeps a second gateway off a log file for as long as this process lives.</summary>
/// <remarks>
/// Two gateways on one file cannot corrupt a log, but each would take the running sessions of the other for those of a
/// dead process and run them too. The system releases the lock when the process ends, however it ends. The file itself stays: removing it
/// would let two processes lock two files of one name.
/// </remarks>
internal sealed partial class LogFileLock : IDisposable
{
    private const string Suffix = ".lock";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private FileStream? _held;

    private LogFileLock(FileStream held) => _held = held;

    /// <summary>Takes the lock; waits for the gateway that has it to end, as in a rolling restart.</summary>
    /// <param name="path">The log file.</param>
    /// <param name="patience">How long to wait at most.</param>
    /// <param name="time">Measures it.</param>
    /// <param name="logger">Is told once when there is something to wait for.</param>
    /// <returns>Null when the lock file cannot be created; opening the log then fails with a better explanation.</returns>
    /// <exception cref="StorageException">Another gateway still has it.</exception>
    public static LogFileLock? Take(string path, TimeSpan patience, TimeProvider time, ILogger logger)
    {
        var began = time.GetTimestamp();
        var told = false;
        while (true)
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                return new LogFileLock(new FileStream(path + Suffix, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException exception) when (IsHeld(exception))
            {
                if (time.GetElapsedTime(began) >= patience)
                {
                    throw new StorageException($"Another gateway has the session log {path} open; stop it, or give this one its own file with Gateway:Storage:Path.", exception);
                }

                if (!told) LogWaiting(logger, path, patience);
                told = true;

                // The host has not started yet, and the system sends no signal when a lock is released, so this thread sleeps and tries again.
#pragma warning disable RS0030
                Thread.Sleep(Pause);
#pragma warning restore RS0030
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                return null;
            }
        }
    }

    /// <summary>Gives it back.</summary>
    public void Dispose()
    {
        _held?.Dispose();
        _held = null;
    }

    // The codes .NET reports for EWOULDBLOCK from flock on Linux and macOS, and for a sharing violation on Windows.
    private static bool IsHeld(IOException exception) =>
        exception.GetType() == typeof(IOException) && ((exception.HResult & 0xFFFF) is 11 or 35 or 32);
}
