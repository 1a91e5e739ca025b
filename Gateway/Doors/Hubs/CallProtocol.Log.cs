namespace Gateway.Doors.Hubs;

internal sealed partial class CallProtocol
{
    [LoggerMessage(HubsEvents.UnreadableMessage, LogLevel.Debug, "A hub client sent something that is not a {Protocol} message, and is disconnected: {Reason}")]
    private partial void LogUnreadable(string protocol, string reason);
}
