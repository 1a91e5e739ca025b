using Gateway.Settings;

namespace Gateway.Log;

/// <summary>The settings under <c>Gateway:Storage:Retention</c>: how long finished sessions are kept.</summary>
/// <remarks>Sessions that have not ended are never deleted.</remarks>
public sealed class RetentionOptions
{
    /// <summary>Where these settings stand in the configuration.</summary>
    public const string Section = "Gateway:Storage:Retention";

    /// <summary>Delete a session this long after its end; null: never for its age.</summary>
    [TimeRange("00:00:00.001")]
    public TimeSpan? MaxAge { get; set; }

    /// <summary>Keep this many finished sessions, those that ended last; null: keep all.</summary>
    [NumberRange(0)]
    public int? MaxSessions { get; set; }

    /// <summary>How often finished sessions are looked at, for deletion and for compaction.</summary>
    [TimeRange("00:00:01", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(10);
}
