namespace Gateway.Delivery.Outputs;

/// <summary>Takes ready frames, one write at a time, to a client.</summary>
/// <remarks>The one caller is a <see cref="FrameSender"/>, which never has two writes under way.</remarks>
public abstract class FrameOutput
{
    /// <summary>Called when some of a write has been accepted, so that slow is told from stalled.</summary>
    public Action? Progress { get; set; }

    /// <summary>How far the peer's system is with what it was sent; always 0 where that is not known.</summary>
    internal virtual PeerProgress Peer => default;

    /// <summary>Fetches into the processor's cache what the next write will touch.</summary>
    internal virtual void PrefetchTarget()
    {
    }

    /// <summary>Writes one or more whole frames; completes when the system has taken them.</summary>
    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> frames);
}
