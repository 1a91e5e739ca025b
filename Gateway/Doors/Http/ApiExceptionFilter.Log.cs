namespace Gateway.Doors.Http;

internal sealed partial class ApiExceptionFilter
{
    [LoggerMessage(6001, LogLevel.Debug, "{Method} {Path} was refused: {Code}.")]
    private partial void LogRefused(string method, string path, string code);

    [LoggerMessage(6002, LogLevel.Warning, "{Method} {Path} could not use the session log ({Code}): {Reason}")]
    private partial void LogStorage(string method, string path, string code, string reason);

    [LoggerMessage(6003, LogLevel.Error, "{Method} {Path} failed.")]
    private partial void LogFailed(string method, string path, Exception exception);
}
