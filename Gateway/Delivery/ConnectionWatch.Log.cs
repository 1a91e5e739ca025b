namespace Gateway.Delivery;

internal sealed partial class ConnectionWatch
{
    [LoggerMessage(DeliveryEvents.ConnectionStalled, LogLevel.Information, "Dropped {Connection}: it took nothing for {Seconds} s; it can come back with its seq")]
    private partial void LogStalled(string connection, long seconds);

    [LoggerMessage(DeliveryEvents.ConnectionSilent, LogLevel.Debug, "Dropped {Connection}: nothing was heard of it for {Seconds} s")]
    private partial void LogSilent(FrameSender connection, long seconds);
}
