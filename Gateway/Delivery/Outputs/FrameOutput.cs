namespace Gateway.Delivery.Outputs;

/// <summary>Takes ready frames, one write at a time, to a client.</summary>
/// <remarks>The one caller is a <see cref="FrameSender"/>, which never has two writes under way.</remarks>
internal abstract class FrameOutput
{
    /// <summary>Who is told that a write gets on.</summary>
    public IWriteProgress? Owner { get; set; }

    /// <summary>How far the peer's system is with what it was sent; always 0 where that is not known.</summary>
    public virtual PeerProgress Peer => default;

    /// <summary>Fetches into the processor's cache what the next write will touch.</summary>
    public virtual void PrefetchTarget()
    {
    }

    /// <summary>Writes one or more whole frames; completes when the system has taken them.</summary>
    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> frames);
}
