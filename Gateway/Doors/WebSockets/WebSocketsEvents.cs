namespace Gateway.Doors.WebSockets;

/// <summary>The numbers of what this door logs.</summary>
internal static class WebSocketsEvents
{
    public const int ClientLeft = 5001;
}
