namespace Gateway.Log.Sqlite;

internal sealed partial class SqliteWriter
{
    [LoggerMessage(304, LogLevel.Warning, "The events of a deleted session cannot be removed now; they are invisible and only take room")]
    private partial void LogNotPurged(Exception exception);
}
