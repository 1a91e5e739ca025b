using Gateway.Log.Sqlite.Connections;

namespace Gateway.Log.Sqlite;

internal sealed partial class SqliteSessionLog
{
    [LoggerMessage(LogEvents.SqliteOpened, LogLevel.Information, "Session log {Path} is open; what is committed survives the end of: {Durability}")]
    private partial void LogOpened(string path, LogDurability durability);

    [LoggerMessage(LogEvents.SqliteFailing, LogLevel.Error, "The session log cannot be written; sessions pause until it can")]
    private partial void LogFailing(Exception exception);

    [LoggerMessage(LogEvents.SqliteWorksAgain, LogLevel.Information, "The session log can be written again")]
    private partial void LogWorksAgain();

    [LoggerMessage(LogEvents.SqliteGone, LogLevel.Error, "The session log {Path} has been deleted or moved while it is open; what is written now is lost when this process ends")]
    private partial void LogGone(string path);

    [LoggerMessage(LogEvents.SqliteNotCompacted, LogLevel.Warning, "Session {SessionId} is not compacted, because its log is damaged")]
    private partial void LogNotCompacted(string sessionId, Exception exception);
}
