using Microsoft.Extensions.Logging;

namespace Gateway.Client.Reading;

internal sealed partial class InboxReader
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(ClientEvents.WatchInbox, LogLevel.Debug, "Inbox: watch after {Position}")]
    private partial void LogWatch(string? position);

    [LoggerMessage(ClientEvents.InboxLost, LogLevel.Debug, "Inbox: lost, asking again in {Delay}: {Reason}")]
    private partial void LogLost(TimeSpan delay, string reason);
}
