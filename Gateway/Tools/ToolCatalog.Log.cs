namespace Gateway.Tools;

internal sealed partial class ToolCatalog
{
    [LoggerMessage(ToolsEvents.ToolThrew, LogLevel.Warning, "Tool {Tool} failed in call {Call} of session {SessionId}")]
    private partial void LogThrew(Exception exception, string tool, string call, string sessionId);
}
