namespace Gateway.Contracts;

/// <summary>The names events and replies carry in the <c>event</c> member of a frame.</summary>
public static class EventNames
{
    /// <summary>A piece of text of an agent or a user.</summary>
    public const string TokenStream = "token_stream";

    /// <summary>A node changed its status.</summary>
    public const string NodeStateChange = "node_state_change";

    /// <summary>A parallel node is about to start its branches.</summary>
    public const string ParallelStart = "node:parallel_start";

    /// <summary>What an agent's model call consumed.</summary>
    public const string TokenUsage = "token_usage";

    /// <summary>The session stands still until it is resumed or answered.</summary>
    public const string ExecutionPaused = "execution:paused";

    /// <summary>The session ended; always its last event.</summary>
    public const string ExecutionCompleted = "execution:completed";

    /// <summary>Something failed: a node of a session, or, as a reply, a command.</summary>
    public const string Error = "error";

    /// <summary>Reply to a command that carried an <c>id</c>; not an event of a session.</summary>
    public const string Ack = "ack";

    /// <summary>Reply to <c>ping</c>; not an event of a session.</summary>
    public const string Pong = "pong";

    /// <summary>The folded state that a snapshot subscription starts with; not an event of a session.</summary>
    public const string Snapshot = "snapshot";
}
