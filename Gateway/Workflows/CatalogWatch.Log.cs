namespace Gateway.Workflows;

internal sealed partial class CatalogWatch
{
    [LoggerMessage(WorkflowsEvents.Read, LogLevel.Information, "Read again, for sessions that start from now on: {Ids}")]
    private partial void LogRead(IEnumerable<string> ids);

    [LoggerMessage(WorkflowsEvents.Gone, LogLevel.Information, "No longer there: {Ids}; sessions that run keep their definition")]
    private partial void LogGone(IEnumerable<string> ids);

    [LoggerMessage(WorkflowsEvents.Refused, LogLevel.Warning, "'{File}' has changed and cannot run, so what was read before stays:{Problems}")]
    private partial void LogRefused(string file, string problems);

    [LoggerMessage(WorkflowsEvents.WatchFailed, LogLevel.Error, "The workflow files could not be looked at; they are looked at again")]
    private partial void LogFailed(Exception exception);
}
