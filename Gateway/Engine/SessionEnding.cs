namespace Gateway.Engine;

/// <summary>How a session's loop ended.</summary>
internal enum SessionEnding
{
    /// <summary>It has not ended.</summary>
    None,

    /// <summary>Its log holds execution:completed.</summary>
    Finished,

    /// <summary>The gateway shuts down; the session goes on at the next start.</summary>
    Stopped,

    /// <summary>It only waits for somebody, and has left the memory; whoever asks something of it brings it back.</summary>
    Idle,

    /// <summary>Another writer has appended to its log.</summary>
    Conflicted,

    /// <summary>A bug that could not even be written to its log.</summary>
    Broken,
}
