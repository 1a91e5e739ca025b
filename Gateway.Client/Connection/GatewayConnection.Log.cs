using Microsoft.Extensions.Logging;

namespace Gateway.Client.Connection;

internal sealed partial class GatewayConnection
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(ClientEvents.ConnectionState, LogLevel.Information, "Connection is {State}: {Reason}")]
    private partial void LogState(GatewayConnectionState state, string? reason);

    [LoggerMessage(ClientEvents.ConnectRetry, LogLevel.Debug, "Connect attempt {Attempt} in {Delay}, because: {Reason}")]
    private partial void LogRetry(long attempt, TimeSpan delay, string reason);

    [LoggerMessage(ClientEvents.ConnectGivenUp, LogLevel.Error, "Gave up reconnecting")]
    private partial void LogGivenUp(Exception exception);
}
