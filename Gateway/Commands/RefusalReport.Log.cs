namespace Gateway.Commands;

internal sealed partial class RefusalReport
{
    [LoggerMessage(CommandsEvents.Refused, LogLevel.Debug, "{Request} was refused: {Code}.")]
    private partial void LogRefused(string request, string code);

    [LoggerMessage(CommandsEvents.LogUnusable, LogLevel.Warning, "{Request} could not use the session log ({Code}): {Reason}")]
    private partial void LogUnusable(string request, string code, string reason);

    [LoggerMessage(CommandsEvents.Failed, LogLevel.Error, "{Request} failed because of a bug in the gateway.")]
    private partial void LogFailed(string request, Exception exception);
}
