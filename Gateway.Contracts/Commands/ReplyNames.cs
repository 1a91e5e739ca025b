namespace Gateway.Contracts;

/// <summary>The names in the <c>event</c> member of what <c>/ws</c> sends beside the events of <see cref="SessionEvents"/>.</summary>
public static class ReplyNames
{
    /// <summary>A command that carried an <c>id</c> was accepted.</summary>
    public const string Ack = "ack";

    /// <summary>A command was refused, or a subscription cannot go on.</summary>
    public const string Error = "error";

    /// <summary>The answer to <c>ping</c>.</summary>
    public const string Pong = "pong";

    /// <summary>The folded state that a snapshot subscription starts with.</summary>
    public const string Snapshot = "snapshot";
}
