namespace Gateway.Delivery;

/// <summary>A cursor: where one connection is in one session.</summary>
/// <remarks>Fields are used under the lock of <see cref="Owner"/>, but for <see cref="FeedIndex"/>, which the feed's lock guards.</remarks>
internal sealed class Subscription(SessionFeed feed, FrameSender owner, long next, bool merge, bool asked)
{
    public SessionFeed Feed { get; } = feed;

    public FrameSender Owner { get; } = owner;

    /// <summary>Seq of the event to send next.</summary>
    public long Next { get; set; } = next;

    /// <summary>An event has been sent.</summary>
    public bool HasSent { get; set; }

    /// <summary>Merge consecutive tokens when this reader falls behind.</summary>
    public bool Merge { get; } = merge;

    /// <summary>The client asked for it; false for what a plain <c>/ws</c> is sent by itself.</summary>
    public bool Asked { get; } = asked;

    /// <summary>A page of the log is being read for it.</summary>
    public bool Loading { get; set; }

    /// <summary>The log could not be read; tried again at the next tick.</summary>
    public bool LoadFailed { get; set; }

    /// <summary>A page of the log, encoded and ready to send.</summary>
    public ReadOnlyMemory<byte> Page { get; set; }

    /// <summary>The cursor after <see cref="Page"/>.</summary>
    public long PageNext { get; set; }

    /// <summary>Where it stands in its feed's list; -1 when it has left.</summary>
    public int FeedIndex { get; set; } = -1;
}
