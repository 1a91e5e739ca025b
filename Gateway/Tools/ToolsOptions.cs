using Gateway.Settings;

namespace Gateway.Tools;

/// <summary>What holds for the calls of all tools; section <c>Gateway:Tools</c>.</summary>
internal sealed class ToolsOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Gateway:Tools";

    /// <summary>How long a call may take, unless the tool's server says otherwise; the clock stands still while the session is paused.</summary>
    [TimeRange("00:00:00.001", "1.00:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many characters of a result are kept and shown to the model, and how many the arguments of a call may have.</summary>
    [NumberRange(100, 1024 * 1024)]
    public int MaxLength { get; set; } = 32 * 1024;

    /// <summary>When a person must approve calls, by the name of a tool or of an MCP server: never, once or always.</summary>
    public Dictionary<string, string> Approval { get; set; } = new(StringComparer.Ordinal);
}
