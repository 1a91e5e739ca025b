namespace Gateway.Contracts;

/// <summary>The names in the <c>event</c> member of an <see cref="InboxFrame"/>.</summary>
public static class InboxEvents
{
    /// <summary>Forget what you know: all that waits follows. The first frame for a watcher that is new, or was away for too long.</summary>
    public const string Reset = "inbox:reset";

    /// <summary>A prompt waits, or is asked once more, with what it says now.</summary>
    public const string Opened = "prompt:opened";

    /// <summary>A prompt waits no more.</summary>
    public const string Closed = "prompt:closed";
}
