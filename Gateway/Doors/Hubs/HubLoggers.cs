using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Doors.Hubs;

/// <summary>The loggers of SignalR for the gateway's hub, without two that call what clients do an error of the server.</summary>
internal sealed class HubLoggers(ILoggerFactory inner) : ILoggerFactory
{
    private static readonly string[] Silent =
    [
        // Logs every HubException as an error, but a refusal is an answer. HubErrorFilter logs the real errors.
        "Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher",

        // Logs a message that cannot be read, or is too large, as an error. CallProtocol logs it as the client's mistake.
        "Microsoft.AspNetCore.SignalR.HubConnectionHandler",
    ];

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => Silent.Contains(categoryName) ? NullLogger.Instance : inner.CreateLogger(categoryName);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    /// <inheritdoc/>
    public void Dispose()
    {
        // The host's factory is the host's to end.
    }
}
