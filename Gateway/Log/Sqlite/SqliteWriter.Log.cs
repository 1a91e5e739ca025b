namespace Gateway.Log.Sqlite;

internal sealed partial class SqliteWriter
{
    [LoggerMessage(LogEvents.SqliteNotPurged, LogLevel.Warning, "The events of a deleted session cannot be removed now; nobody sees them, but they take room")]
    private partial void LogNotPurged(Exception exception);
}
