namespace Gateway.Log;

internal sealed partial class LogHistoryService
{
    [LoggerMessage(LogEvents.FinishedDeleted, LogLevel.Information, "Deleted {Count} finished sessions, too old or too many")]
    private partial void LogDeleted(int count);

    [LoggerMessage(LogEvents.FinishedCompacted, LogLevel.Information, "Compacted {Count} finished sessions")]
    private partial void LogCompacted(int count);

    [LoggerMessage(LogEvents.HistoryFailed, LogLevel.Warning, "Finished sessions could not be deleted or compacted; the next round tries again")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(LogEvents.HistoryFailedUnexpectedly, LogLevel.Error, "Deleting or compacting finished sessions failed unexpectedly; the next round tries again")]
    private partial void LogUnexpected(Exception exception);
}
