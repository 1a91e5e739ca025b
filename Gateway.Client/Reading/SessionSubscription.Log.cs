using Microsoft.Extensions.Logging;

namespace Gateway.Client.Reading;

internal sealed partial class SessionSubscription
{
    [LoggerMessage(20, LogLevel.Debug, "Session {SessionId}: subscribe after {Position}")]
    private partial void LogSubscribe(string sessionId, long position);

    [LoggerMessage(21, LogLevel.Debug, "Session {SessionId}: unsubscribe")]
    private partial void LogUnsubscribe(string sessionId);

    [LoggerMessage(22, LogLevel.Debug, "Session {SessionId}: unsubscribe refused: {Reason}")]
    private partial void LogUnsubscribeRefused(string sessionId, string reason);

    [LoggerMessage(23, LogLevel.Warning, "Session {SessionId}: expected event {Expected}, got {Seq}; asking again")]
    private partial void LogGap(string sessionId, long expected, long seq);

    [LoggerMessage(24, LogLevel.Debug, "Session {SessionId}: a consumer is slow; delivery stops after {Seq} until it has caught up")]
    private partial void LogFull(string sessionId, long seq);
}
