using Gateway.Settings;

namespace Gateway.Engine;

/// <summary>How much one session may take; section <c>Gateway:Sessions</c>.</summary>
internal sealed class SessionsOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Gateway:Sessions";

    /// <summary>How often in a row a session may be interrupted without a new event before it stays paused.</summary>
    [NumberRange(1)]
    public int MaxInterruptions { get; set; } = 3;
}
