namespace Gateway.Log.Sqlite;

internal sealed partial class LogFileLock
{
    [LoggerMessage(LogEvents.SqliteLockAwaited, LogLevel.Warning, "Another gateway has the session log {Path} open; waiting up to {Patience} for it to end")]
    private static partial void LogWaiting(ILogger logger, string path, TimeSpan patience);
}
