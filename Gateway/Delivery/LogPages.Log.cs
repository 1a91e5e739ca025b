namespace Gateway.Delivery;

internal sealed partial class LogPages
{
    [LoggerMessage(DeliveryEvents.LogDamaged, LogLevel.Warning, "The log of session {SessionId} is damaged; its readers get what comes before the damage: {Damage}")]
    private partial void LogDamaged(string sessionId, string damage);

    [LoggerMessage(DeliveryEvents.ReadFailed, LogLevel.Warning, "Reading session {SessionId} from seq {Seq} failed; its readers wait and try again")]
    private partial void LogReadFailed(string sessionId, long seq, Exception exception);

    [LoggerMessage(DeliveryEvents.ReadFailedUnexpectedly, LogLevel.Error, "Reading session {SessionId} from seq {Seq} failed unexpectedly; its readers wait and try again")]
    private partial void LogUnexpected(string sessionId, long seq, Exception exception);
}
