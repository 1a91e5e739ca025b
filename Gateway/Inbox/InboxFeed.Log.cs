namespace Gateway.Inbox;

internal sealed partial class InboxFeed
{
    [LoggerMessage(GatewayEvents.PromptsUnreadable, LogLevel.Error, "The inbox cannot be read; those who watch it are told nothing until it can")]
    private partial void LogUnreadable(Exception exception);

    [LoggerMessage(GatewayEvents.PromptsReadableAgain, LogLevel.Information, "The inbox can be read again")]
    private partial void LogReadableAgain();
}
