using Microsoft.Extensions.Logging;

namespace Gateway.Client.Reading;

internal sealed partial class SessionSubscription
{
    [LoggerMessage(ClientEvents.Subscribe, LogLevel.Debug, "Session {SessionId}: subscribe after {Position}")]
    private partial void LogSubscribe(string sessionId, long position);

    [LoggerMessage(ClientEvents.Unsubscribe, LogLevel.Debug, "Session {SessionId}: unsubscribe")]
    private partial void LogUnsubscribe(string sessionId);

    [LoggerMessage(ClientEvents.UnsubscribeRefused, LogLevel.Debug, "Session {SessionId}: unsubscribe refused: {Reason}")]
    private partial void LogUnsubscribeRefused(string sessionId, string reason);

    [LoggerMessage(ClientEvents.SubscribeRefused, LogLevel.Debug, "Session {SessionId}: refused for now, asking again in {Delay}: {Reason}")]
    private partial void LogRefused(string sessionId, TimeSpan delay, string reason);

    [LoggerMessage(ClientEvents.EventsMissing, LogLevel.Warning, "Session {SessionId}: expected event {Expected}, got {Seq}; asking again")]
    private partial void LogGap(string sessionId, long expected, long seq);

    [LoggerMessage(ClientEvents.SlowConsumer, LogLevel.Debug, "Session {SessionId}: a consumer is slow; delivery stops after {Seq} until it has caught up")]
    private partial void LogFull(string sessionId, long seq);
}
