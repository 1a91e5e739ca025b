namespace Gateway.Log;

/// <summary>How long finished sessions are kept; sessions that have not ended are never deleted.</summary>
public sealed class RetentionOptions
{
    /// <summary>Delete a session this long after its end; null: never for its age.</summary>
    public TimeSpan? MaxAge { get; set; }

    /// <summary>Keep so many finished sessions, those that ended last; null: all.</summary>
    public int? MaxSessions { get; set; }

    /// <summary>How often finished sessions are looked at, for deletion and for compaction; 1 s to 1 day.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(10);
}
