using Gateway.Delivery.Wires;

namespace Gateway.Delivery;

/// <summary>A cursor: where one connection is in one session.</summary>
/// <remarks>Used under the lock of <see cref="Owner"/>, but for <see cref="FeedIndex"/>, which the feed's lock guards.</remarks>
internal sealed class Subscription(SessionFeed feed, FrameSender owner, long next, bool merge, bool asked)
{
    private ReadOnlyMemory<byte> _page;
    private long _pageNext;

    /// <summary>The session's feed.</summary>
    public SessionFeed Feed { get; } = feed;

    /// <summary>The connection.</summary>
    public FrameSender Owner { get; } = owner;

    /// <summary>Seq of the event to send next.</summary>
    public long Next { get; private set; } = next;

    /// <summary>An event has been sent.</summary>
    public bool HasSent { get; private set; }

    /// <summary>Merge consecutive tokens when this reader falls behind.</summary>
    public bool Merge { get; } = merge;

    /// <summary>The client asked for it; false for what a plain <c>/ws</c> is sent by itself.</summary>
    public bool Asked { get; } = asked;

    /// <summary>A page of the log is being read for it.</summary>
    public bool IsLoading { get; private set; }

    /// <summary>The log could not be read; tried again at the next tick.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Where it stands in its feed's list; -1 when it has left.</summary>
    public int FeedIndex { get; set; } = -1;

    /// <summary>Where it stands among its connection's.</summary>
    public int SetIndex { get; set; }

    /// <summary>Whether all events that are known have been sent.</summary>
    public bool IsAtHead => Next > Feed.Head;

    /// <summary>Looks for what to send next: the rest of its page, then what the feed has ready.</summary>
    /// <param name="wire">The connection's wire.</param>
    /// <param name="merging">Events are to be merged, which only those from the log can be.</param>
    /// <param name="write">What to send when it is <see cref="Readiness.Ready"/>.</param>
    public Readiness Take(Wire wire, bool merging, out PendingWrite write)
    {
        write = default;
        if (IsLoading || HasFailed) return Readiness.Nothing;
        if (!_page.IsEmpty)
        {
            write = new PendingWrite(_page, null, this, _pageNext);
            return Readiness.Ready;
        }

        if (IsAtHead) return Readiness.Nothing;
        if (merging || !Feed.TryRead(wire, Next, out var frames, out var next)) return Readiness.InLog;
        write = new PendingWrite(frames, null, this, next);
        return Readiness.Ready;
    }

    /// <summary>Notes that its events have been sent up to a cursor; returns how many.</summary>
    public long Advance(long next)
    {
        // A page is sent in one write, and nothing is read from the window before it is sent.
        if (!_page.IsEmpty) _page = default;
        var count = next - Next;
        Next = next;
        HasSent = true;
        return count;
    }

    /// <summary>A page is about to be read for it.</summary>
    public void BeginLoading() => IsLoading = true;

    /// <summary>The page that was read for it; empty when nothing could be read.</summary>
    public void EndLoading(LogPage page)
    {
        IsLoading = false;
        HasFailed = page.Failed;
        (_page, _pageNext) = (page.Frames, page.Next);
    }

    /// <summary>The log may be asked again.</summary>
    public void Retry() => HasFailed = false;
}
