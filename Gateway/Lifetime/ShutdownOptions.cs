using Gateway.Settings;

namespace Gateway.Lifetime;

/// <summary>How the gateway shuts down; in the section <c>Gateway</c> itself.</summary>
public sealed class ShutdownOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Gateway";

    /// <summary>How long sessions have for finishing what they are writing and for logging their pause.</summary>
    [TimeRange("00:00:00", "01:00:00")]
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Over how long connections are ended, so that their clients do not all come back at once; 0 for at once.</summary>
    [TimeRange("00:00:00", "01:00:00")]
    public TimeSpan DrainWindow { get; set; } = TimeSpan.FromSeconds(5);
}
