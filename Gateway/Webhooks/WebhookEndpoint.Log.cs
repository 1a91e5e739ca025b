namespace Gateway.Webhooks;

internal sealed partial class WebhookEndpoint
{
    [LoggerMessage(WebhooksEvents.Failed, LogLevel.Warning, "Webhook {Endpoint} has not taken message {MessageId} ({Type}, event {Seq} of session {SessionId}), for the {Tries}. time: {Problem} It is sent again in {Wait}")]
    private partial void LogFailed(string endpoint, string messageId, string type, string sessionId, long seq, int tries, string problem, TimeSpan wait);

    [LoggerMessage(WebhooksEvents.GivenUp, LogLevel.Error, "Webhook {Endpoint} has not taken message {MessageId} ({Type}, event {Seq} of session {SessionId}) in {Tries} tries, and it is given up: {Problem} It is kept as a dead letter")]
    private partial void LogGivenUp(string endpoint, string messageId, string type, string sessionId, long seq, int tries, string problem);

    [LoggerMessage(WebhooksEvents.Halted, LogLevel.Error, "Webhook {Endpoint} has answered 410: it is sent nothing more until it is enabled, or has another address. What happens meanwhile is kept for it")]
    private partial void LogHalted(string endpoint);

    [LoggerMessage(WebhooksEvents.StillHalted, LogLevel.Warning, "Webhook {Endpoint} has answered 410 at {Since:O} and is sent nothing until it is enabled, or has another address")]
    private partial void LogStillHalted(string endpoint, DateTime since);

    [LoggerMessage(WebhooksEvents.Enabled, LogLevel.Information, "Webhook {Endpoint} is enabled, and is told what it has missed")]
    private partial void LogEnabled(string endpoint);

    [LoggerMessage(WebhooksEvents.Redelivered, LogLevel.Information, "Webhook {Endpoint} has taken message {MessageId} (event {Seq} of session {SessionId}) after all")]
    private partial void LogRedelivered(string endpoint, string messageId, string sessionId, long seq);

    [LoggerMessage(WebhooksEvents.NotNoted, LogLevel.Warning, "That webhook {Endpoint} stands still could not be noted: {Reason}")]
    private partial void LogNotNoted(string endpoint, string reason);
}
