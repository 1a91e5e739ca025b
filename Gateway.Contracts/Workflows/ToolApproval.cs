namespace Gateway.Contracts;

/// <summary>When a person must approve the calls of a tool.</summary>
/// <remarks>The settings of the gateway and a workflow may each say it; the stricter holds.</remarks>
public static class ToolApproval
{
    /// <summary>Never; the call is made at once.</summary>
    public const string Never = "never";

    /// <summary>The first in a session; once it is approved, further calls of the tool are made at once.</summary>
    public const string Once = "once";

    /// <summary>Each.</summary>
    public const string Always = "always";

    /// <summary>The three, from the least strict.</summary>
    public static IReadOnlyList<string> All { get; } = [Never, Once, Always];
}
