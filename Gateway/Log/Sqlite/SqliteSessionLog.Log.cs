namespace Gateway.Log.Sqlite;

public sealed partial class SqliteSessionLog
{
    [LoggerMessage(300, LogLevel.Information, "Session log {Path} is open; what is committed survives the end of: {Durability}")]
    private partial void LogOpened(string path, LogDurability durability);

    [LoggerMessage(301, LogLevel.Error, "The session log cannot be written; sessions pause until it can")]
    private partial void LogFailing(Exception exception);

    [LoggerMessage(302, LogLevel.Information, "The session log can be written again")]
    private partial void LogWorksAgain();

    [LoggerMessage(305, LogLevel.Error, "The session log {Path} has been deleted or moved while it is open; what is written now is gone with this process")]
    private partial void LogGone(string path);

    [LoggerMessage(303, LogLevel.Warning, "Session {SessionId} is not compacted, because its log is damaged")]
    private partial void LogNotCompacted(string sessionId, Exception exception);
}
