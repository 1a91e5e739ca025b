namespace Gateway.Delivery;

/// <summary>The connection's own frames, which go ahead of any backlog of events; used under the sender's lock.</summary>
/// <remarks>
/// It is bounded by its callers: each waits for its frame before it sends the next one. A value, so that an idle
/// connection needs no object for it.
/// </remarks>
internal struct OutgoingQueue
{
    private Queue<OutgoingFrame>? _frames;

    /// <summary>Whether a message has been sent only in part, so that an event has to wait.</summary>
    public bool IsInMessage { get; private set; }

    /// <summary>How many have been put here so far.</summary>
    public int Added { get; private set; }

    /// <summary>Puts a frame at the end.</summary>
    public OutgoingFrame Add(ReadOnlyMemory<byte> bytes, FrameKind kind)
    {
        var frame = new OutgoingFrame(bytes, kind);
        (_frames ??= new Queue<OutgoingFrame>(1)).Enqueue(frame);
        Added++;
        return frame;
    }

    /// <summary>Takes the first frame that may be sent now; null when there is none.</summary>
    public OutgoingFrame? Take()
    {
        if (_frames is null) return null;
        for (var left = _frames.Count; left > 0; left--)
        {
            var frame = _frames.Dequeue();
            if (IsInMessage && frame.Kind == FrameKind.Message)
            {
                _frames.Enqueue(frame);
                continue;
            }

            if (frame.Kind != FrameKind.Control) IsInMessage = frame.Kind == FrameKind.Part;
            return frame;
        }

        return null;
    }

    /// <summary>Fails all that wait: the connection has ended.</summary>
    public readonly void Fail(Exception exception)
    {
        while (_frames is not null && _frames.TryDequeue(out var frame)) frame.Fail(exception);
    }
}
