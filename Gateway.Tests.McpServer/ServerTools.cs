using System.ComponentModel;
using System.Globalization;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Gateway.Tests.McpServer;

/// <summary>Tools that do well, badly and not at all.</summary>
internal sealed class ServerTools
{
    private static int s_calls;

    [McpServerTool(Name = "echo"), Description("Says a text again.")]
    public static string Echo([Description("The text.")] string text) => text;

    [McpServerTool(Name = "count"), Description("How often this process was asked.")]
    public static string Count() => Interlocked.Increment(ref s_calls).ToString(CultureInfo.InvariantCulture);

    [McpServerTool(Name = "key"), Description("The key of the call.")]
    public static string Key(RequestContext<CallToolRequestParams> request) => request.Params?.Meta?["gateway/idempotency_key"]?.ToString() ?? "none";

    [McpServerTool(Name = "environment"), Description("A variable of its environment.")]
    public static string Variable(string name) => Environment.GetEnvironmentVariable(name) ?? "none";

    [McpServerTool(Name = "fail"), Description("Fails.")]
    public static string Fail() => throw new McpException("The index is being built.");

    [McpServerTool(Name = "large"), Description("A large text.")]
    public static string Large(int length) => new('x', length);

    [McpServerTool(Name = "parts"), Description("Several texts and a picture.")]
    public static IEnumerable<ContentBlock> Parts() => [new TextContentBlock { Text = "one" }, ImageContentBlock.FromBytes(new byte[] { 1, 2, 3 }, "image/png"), new TextContentBlock { Text = "two" }];

    [McpServerTool(Name = "grow"), Description("Gets a tool more, and tells so before it answers.")]
    public static async Task<string> Grow(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        request.Server.ServerOptions.ToolCollection?.TryAdd(McpServerTool.Create(() => "new", new McpServerToolCreateOptions { Name = "grown" }));
        await request.Server.SendNotificationAsync(NotificationMethods.ToolListChangedNotification, cancellationToken);
        await request.Server.SendNotificationAsync(NotificationMethods.ToolListChangedNotification, cancellationToken);
        return "done";
    }

    [McpServerTool(Name = "wait"), Description("Waits until it is cancelled.")]
    public static async Task<string> Wait(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return "never";
    }

    [McpServerTool(Name = "die"), Description("Ends the process.")]
    public static string Die()
    {
        Environment.Exit(7);
        return "never";
    }
}
