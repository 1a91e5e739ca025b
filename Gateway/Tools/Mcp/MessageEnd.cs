namespace Gateway.Tools.Mcp;

/// <summary>What ends a message of an MCP server.</summary>
internal enum MessageEnd
{
    /// <summary>A line break, on a program's output.</summary>
    Line,

    /// <summary>A blank line, in Server-Sent Events.</summary>
    BlankLine,

    /// <summary>The end of the body.</summary>
    Body,
}
