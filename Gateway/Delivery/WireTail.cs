namespace Gateway.Delivery;

/// <summary>The newest events of a session as ready frames of one wire: a window that moves along with the log.</summary>
/// <remarks>Owned by its feed and used under the feed's lock.</remarks>
internal sealed class WireTail(long nextSeq, WindowBudget budget)
{
    private const int FirstCapacity = 2 * 1024;
    private const int MaxCapacity = 32 * 1024;

    // A segment goes as a whole, so that a window is to have some of them.
    private const int SegmentsInWindow = 4;

    private readonly List<TailSegment> _segments = [];
    private int _bytes;

    /// <summary>Subscriptions on this wire; the tail goes when the last one does.</summary>
    public int Subscribers { get; set; }

    /// <summary>Bytes reserved for it.</summary>
    public int Bytes => _bytes;

    /// <summary>Oldest event in the window.</summary>
    public long FirstSeq => _segments.Count > 0 ? _segments[0].FirstSeq : NextSeq;

    /// <summary>Seq of the event that comes next.</summary>
    public long NextSeq { get; private set; } = nextSeq;

    /// <summary>Adds an event; starts anew when it does not follow the last one.</summary>
    public void Append(long seq, ReadOnlySpan<byte> frame)
    {
        if (seq != NextSeq)
        {
            _segments.Clear();
            _bytes = 0;
        }

        if (_segments.Count == 0 || !_segments[^1].Fits(frame.Length)) Grow(seq, frame.Length);
        _segments[^1].Append(frame);
        NextSeq = seq + 1;
    }

    /// <summary>Everything from an event to the end of its segment: what fits one write.</summary>
    /// <returns>False when the event is not in the window.</returns>
    public bool TryRead(long seq, out ReadOnlyMemory<byte> frames, out long next)
    {
        // A reader may have learnt from the log of events that are not published yet. Those it reads from the log.
        for (var i = seq < NextSeq ? _segments.Count - 1 : -1; i >= 0; i--)
        {
            var segment = _segments[i];
            if (seq < segment.FirstSeq) continue;
            frames = segment.From(seq);
            next = segment.NextSeq;
            return true;
        }

        frames = default;
        next = seq;
        return false;
    }

    private void Grow(long seq, int length)
    {
        var share = budget.Share;
        var capacity = _segments.Count == 0 ? FirstCapacity : Math.Min(_segments[^1].Capacity * 2, Math.Clamp(share / SegmentsInWindow, FirstCapacity, MaxCapacity));
        var segment = new TailSegment(seq, Math.Max(capacity, length));
        _segments.Add(segment);
        _bytes += segment.Capacity;
        while (_bytes > share && _segments.Count > 1)
        {
            _bytes -= _segments[0].Capacity;
            _segments.RemoveAt(0);
        }
    }
}
