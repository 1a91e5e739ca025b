using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Gateway;

/// <summary>Tells, once the gateway listens, where it is and what to try first.</summary>
internal sealed partial class StartupBanner(IServer server, IHostApplicationLifetime lifetime, ILogger<StartupBanner> logger) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(Print);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Print()
    {
        foreach (var address in server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        {
            var http = address.Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal);
            var ws = "ws" + http[4..];
            LogReady(http, ws);
        }
    }

    [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = """
        The gateway is ready.
          page       {Http}/
          WebSocket  {Ws}/ws
          SignalR    {Http}/hub
          HTTP       {Http}/api/v1   (try it: {Http}/scalar)
        Start a debate:
          curl -s {Http}/api/v1/sessions -H 'Content-Type: application/json' -d '{{"workflow_id":"council-debate","subject":"Should cities ban cars?","session_id":"first"}}'
        and watch it:
          curl -N -H 'Accept: text/event-stream' {Http}/api/v1/sessions/first/events
        """)]
    private partial void LogReady(string http, string ws);
}
