using Gateway.Settings;

namespace Gateway.Engine;

/// <summary>How much one session may take; section <c>Gateway:Sessions</c>.</summary>
internal sealed class SessionsOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Gateway:Sessions";

    /// <summary>How often in a row a session may be interrupted before it stays paused, when all that is new each time is what a model says.</summary>
    [NumberRange(1)]
    public int MaxInterruptions { get; set; } = 3;

    /// <summary>Sessions in memory at a time, which are those that run or were asked something lately; further starts are refused.</summary>
    [NumberRange(1)]
    public int MaxSessions { get; set; } = 10_000;

    /// <summary>What the sessions in memory may take together, roughly, in bytes; large starts and words are refused at three quarters of it, all others beyond it.</summary>
    /// <remarks>Left out: an eighth of the memory there is for the process, but no less than 64 MiB and no more than 16 GiB.</remarks>
    [NumberRange(1024 * 1024)]
    public long? MaxMemoryBytes { get; set; }

    /// <summary>What users may say to one session, in bytes of UTF-8; every prompt that follows repeats it.</summary>
    /// <remarks>A prompt, and the JSON of a snapshot, in which a character may take six bytes, must fit into one text and one array of .NET.</remarks>
    [NumberRange(1, 256 * 1024 * 1024)]
    public long MaxConversationBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>What users may say to one session while it stands still, in bytes of UTF-8; all of it joins with one decision.</summary>
    /// <remarks>As many of the shortest words as fit cost half of the steps that a decision has: see <see cref="StepBudget"/>.</remarks>
    [NumberRange(1, 8 * 1024 * 1024)]
    public long MaxHeldBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>What a model may say in one call, in bytes of UTF-8, thoughts included; a longer answer is stopped and its node fails.</summary>
    /// <remarks>All of it is in memory while the session runs, and in every snapshot.</remarks>
    [NumberRange(1024, 64 * 1024 * 1024)]
    public long MaxAnswerBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>How much text one commit of a session takes, in bytes, before what is left waits for the next.</summary>
    /// <remarks>While one session's commit is written, no other's is.</remarks>
    [NumberRange(1, 64 * 1024 * 1024)]
    public long MaxBatchBytes { get; set; } = 1024 * 1024;

    /// <summary>After which time a session that only waits for somebody leaves the memory; its log brings it back.</summary>
    [TimeRange("00:00:00.001", "24.00:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Calls of models that one session has under way; further nodes that run wait for a place.</summary>
    [NumberRange(1)]
    public int MaxCalls { get; set; } = 32;

    /// <summary>Calls that one model has under way for all sessions; further ones wait for a place, those of paused sessions not counted.</summary>
    [NumberRange(1)]
    public int MaxCallsPerModel { get; set; } = 1000;

    /// <summary>How many bytes of snapshots are kept for sessions that are not in memory; 0 keeps none.</summary>
    /// <remarks>Left out: 64 MiB, or a sixteenth of the memory there is for the process where that is less.</remarks>
    [NumberRange(0)]
    public long? MaxCachedSnapshotBytes { get; set; }
}
