using System.Globalization;
using System.Text.Json;

namespace Gateway.Tests.McpServer;

/// <summary>A server that does one thing at a time, and hangs for ever in a call of <c>hang</c>; <c>pid</c> says which process it is.</summary>
internal static class DeafServer
{
    public static void Run()
    {
        while (Console.ReadLine() is { } line)
        {
            var message = JsonElement.Parse(line);
            if (!message.TryGetProperty("id", out var id)) continue;
            Console.WriteLine($$"""{"jsonrpc":"2.0","id":{{id.GetRawText()}},{{Answer(message)}}}""");
        }
    }

    private static string Answer(JsonElement message)
    {
        switch (message.GetProperty("method").GetString())
        {
            case "initialize":
                return $$""" "result":{"protocolVersion":{{message.GetProperty("params").GetProperty("protocolVersion").GetRawText()}},"capabilities":{"tools":{} },"serverInfo":{"name":"deaf","version":"1"} }""";
            case "tools/list":
                return """ "result":{"tools":[{"name":"hang","inputSchema":{"type":"object"}},{"name":"pid","inputSchema":{"type":"object"}}]}""";
            case "tools/call":
                if (message.GetProperty("params").GetProperty("name").GetString() == "hang") new ManualResetEventSlim().Wait();
                return $$""" "result":{"content":[{"type":"text","text":"{{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}}"}]}""";
            case "ping":
                return """ "result":{}""";
            default:
                return """ "error":{"code":-32601,"message":"There is no such method."}""";
        }
    }
}
