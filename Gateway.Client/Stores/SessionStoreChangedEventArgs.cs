namespace Gateway.Client.Stores;

/// <summary>What changed in a <see cref="SessionStore"/>.</summary>
public sealed class SessionStoreChangedEventArgs : EventArgs
{
    internal static readonly SessionStoreChangedEventArgs Reset = new(null, isNew: false, isReset: true);
    internal static readonly SessionStoreChangedEventArgs Groups = new(null, isNew: false, isReset: false);

    internal SessionStoreChangedEventArgs(SessionMessage message, bool isNew)
        : this(message, isNew, isReset: false)
    {
    }

    private SessionStoreChangedEventArgs(SessionMessage? message, bool isNew, bool isReset)
    {
        Message = message;
        IsNew = isNew;
        IsReset = isReset;
    }

    /// <summary>The one message that changed; null when the groups or all did.</summary>
    public SessionMessage? Message { get; }

    /// <summary>Whether the message has just been added at the end.</summary>
    public bool IsNew { get; }

    /// <summary>Whether a snapshot has taken the place of all that was there.</summary>
    public bool IsReset { get; }
}
