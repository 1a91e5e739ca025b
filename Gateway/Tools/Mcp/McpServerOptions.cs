using Gateway.Contracts;
using Gateway.Settings;

namespace Gateway.Tools.Mcp;

/// <summary>One MCP server, from <c>Gateway:Mcp:&lt;name&gt;</c>: a program that is started, or an address.</summary>
/// <remarks>A class and not a record, so that printing it can never show what is in its environment and headers.</remarks>
internal sealed class McpServerOptions
{
    /// <summary>The program to start; it speaks over its standard input and output.</summary>
    public string? Command { get; set; }

    /// <summary>The program's arguments.</summary>
    public string[] Arguments { get; set; } = [];

    /// <summary>Further variables of the program's environment. It inherits that of the gateway, without the gateway's own settings.</summary>
    public Dictionary<string, string> Environment { get; set; } = [];

    /// <summary>The program's working directory; absent: the gateway's.</summary>
    public string? WorkingDirectory { get; set; }

    /// <summary>The server's address, in place of a program; Streamable HTTP, or the older one with Server-Sent Events.</summary>
    public string? Url { get; set; }

    /// <summary>Headers of each request to the address, such as an <c>Authorization</c>; never logged or shown.</summary>
    public Dictionary<string, string> Headers { get; set; } = [];

    /// <summary>The tools that agents may see, by the server's own names; none: all.</summary>
    public string[] Tools { get; set; } = [];

    /// <summary>When a person must approve the calls of its tools.</summary>
    [OneOf(ToolApproval.Never, ToolApproval.Once, ToolApproval.Always)]
    public string Approval { get; set; } = ToolApproval.Never;

    /// <summary>How long a call may take; absent: as <c>Gateway:Tools:Timeout</c> says.</summary>
    [TimeRange("00:00:00.001", "1.00:00:00")]
    public TimeSpan? Timeout { get; set; }

    /// <summary>How long the server may take to start and to tell its tools.</summary>
    [TimeRange("00:00:00.001", "01:00:00")]
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
