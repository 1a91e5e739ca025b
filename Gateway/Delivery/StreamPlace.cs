namespace Gateway.Delivery;

/// <summary>The place of a stream that is none of a session among a connection's subscriptions, until it is disposed of.</summary>
internal sealed class StreamPlace : IDisposable
{
    private FrameSender? _sender;

    /// <summary>Takes the place.</summary>
    public StreamPlace(FrameSender sender)
    {
        _sender = sender;
        sender.CountStream(1);
    }

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _sender, null)?.CountStream(-1);
}
