using Gateway.Settings;

namespace Gateway.Lifetime;

/// <summary>How the gateway shuts down; in the section <c>Gateway</c> itself.</summary>
public sealed class ShutdownOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Gateway";

    /// <summary>How long a shutdown takes: sessions finish what they are writing and log their pause, then connections are ended.</summary>
    /// <remarks>Somewhat less than the ten seconds after which containers are killed by default.</remarks>
    [TimeRange("00:00:00", "01:00:00")]
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(9);

    /// <summary>Over how long connections are ended, so that their clients do not all come back at once; 0 for at once.</summary>
    /// <remarks>Less when sessions have used up the time, and a longer one makes the shutdown longer.</remarks>
    [TimeRange("00:00:00", "01:00:00")]
    public TimeSpan DrainWindow { get; set; } = TimeSpan.FromSeconds(5);
}
