namespace Gateway.Tools.Mcp;

internal sealed partial class McpServer
{
    [LoggerMessage(ToolsEvents.ServerStarted, LogLevel.Information, "MCP server {Server} runs and has {Tools} tools")]
    private partial void LogStarted(string server, int tools);

    [LoggerMessage(ToolsEvents.ServerCannotStart, LogLevel.Warning, "MCP server {Server} cannot be used: {Reason}")]
    private partial void LogCannotStart(string server, string reason);

    [LoggerMessage(ToolsEvents.ServerEnded, LogLevel.Warning, "MCP server {Server} has ended; it is started again when it is needed. It said last: {Words}")]
    private partial void LogEnded(string server, string words);

    [LoggerMessage(ToolsEvents.ToolLeftOut, LogLevel.Warning, "Tool {Tool} of MCP server {Server} is left out: {Reason}")]
    private partial void LogLeftOut(string tool, string server, string reason);

    [LoggerMessage(ToolsEvents.ServerCallFailed, LogLevel.Warning, "MCP server {Server} failed in a call of {Tool}: {Reason}")]
    private partial void LogCallFailed(string server, string tool, string reason);

    [LoggerMessage(ToolsEvents.ToolsKept, LogLevel.Warning, "MCP server {Server} says that its tools have changed, but does not list them; those that it had are kept: {Reason}")]
    private partial void LogKeptTools(string server, string reason);

    [LoggerMessage(ToolsEvents.ServerHangs, LogLevel.Warning, "MCP server {Server} answered neither a call nor a ping in the time of a call; it is ended, and started again when it is needed")]
    private partial void LogHangs(string server);
}
