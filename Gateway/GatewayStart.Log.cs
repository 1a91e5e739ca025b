namespace Gateway;

internal static partial class GatewayStart
{
    [LoggerMessage(GatewayEvents.CannotStart, LogLevel.Critical, "The gateway cannot start. {Problem}")]
    private static partial void LogCannotStart(ILogger logger, string problem);

    [LoggerMessage(GatewayEvents.StartCause, LogLevel.Debug, "Where the start failed")]
    private static partial void LogCause(ILogger logger, Exception exception);
}
