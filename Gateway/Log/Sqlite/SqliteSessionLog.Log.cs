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

    [LoggerMessage(LogEvents.SqliteGone, LogLevel.Error, "{Sentence}")]
    private partial void LogLost(string sentence);

    [LoggerMessage(EventId = LogEvents.SqliteFound, Message = "{Sentence}")]
    private partial void LogFound(LogLevel level, string sentence);

    [LoggerMessage(LogEvents.SqliteNotPrivate, LogLevel.Warning, "Other users of this machine may read the session log {Path}, because it belongs to another user than the gateway's; take their rights away (chmod 600)")]
    private partial void LogNotPrivate(string path);

    [LoggerMessage(LogEvents.SqliteDiskShort, LogLevel.Warning, "The disk of the session log {Path} has less than {Reserve} bytes free (Gateway:Storage:ReserveBytes): no new sessions are started, those that run go on")]
    private partial void LogDiskShort(string path, long reserve);

    [LoggerMessage(LogEvents.SqliteDiskFree, LogLevel.Information, "The disk of the session log {Path} has room again: new sessions are started")]
    private partial void LogDiskFree(string path);

    [LoggerMessage(LogEvents.SqliteNotCompacted, LogLevel.Warning, "Session {SessionId} is not compacted, because its log is damaged")]
    private partial void LogNotCompacted(string sessionId, Exception exception);

    [LoggerMessage(LogEvents.SqlitePromptUnreadable, LogLevel.Error, "Prompt {PromptId} of session {SessionId} cannot be read in the index of prompts, and is not shown in the inbox; answer it at its session")]
    private partial void LogUnreadablePrompt(string sessionId, string promptId, Exception exception);
}
