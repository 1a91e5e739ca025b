namespace Gateway.Doors.WebSockets;

internal sealed partial class WebSocketConnection
{
    [LoggerMessage(WebSocketsEvents.ClientLeft, LogLevel.Debug, "A WebSocket client left without a close frame: {Reason}")]
    private partial void LogLeft(string reason);
}
