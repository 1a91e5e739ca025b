namespace Gateway;

internal static partial class GatewayStart
{
    [LoggerMessage(GatewayEvents.CannotStart, LogLevel.Critical, "The gateway cannot start. {Problem}")]
    private static partial void LogCannotStart(ILogger logger, string problem);
}
