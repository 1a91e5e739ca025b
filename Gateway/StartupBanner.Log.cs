namespace Gateway;

internal sealed partial class StartupBanner
{
    [LoggerMessage(GatewayEvents.Ready, LogLevel.Information, """
        The gateway is ready.
          page       {Http}/
          WebSocket  {Ws}/ws
          SignalR    {Http}/hub
          HTTP       {Http}/api/v1   (try it: {Http}/scalar)
          protocol   {Http}/docs/protocol
        Start a debate:
          curl -s {Http}/api/v1/sessions -H 'Content-Type: application/json' -d '{{"workflow_id":"council-debate","subject":"Should cities ban cars?","session_id":"first"}}'
        and watch it:
          curl -N -H 'Accept: text/event-stream' {Http}/api/v1/sessions/first/events
        """)]
    private partial void LogReady(string http, string ws);
}
