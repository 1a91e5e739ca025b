using Microsoft.Extensions.Logging;

namespace Gateway.Client.Connection;

internal sealed partial class StateNotifier
{
    [LoggerMessage(ClientEvents.StateHandlerFailed, LogLevel.Error, "A connection state handler threw an exception")]
    private partial void LogHandlerFailed(Exception exception);
}
