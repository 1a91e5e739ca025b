namespace Gateway.Transport;

internal sealed partial class DoorConditions
{
    [LoggerMessage(TransportEvents.DoorOpen, LogLevel.Debug, "Plain WebSockets open below HTTP")]
    private static partial void LogOpen(ILogger logger);

    [LoggerMessage(TransportEvents.DoorShut, LogLevel.Information, "All WebSockets open through HTTP, because {Obstacle}")]
    private static partial void LogShut(ILogger logger, string obstacle);
}
