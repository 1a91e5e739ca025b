using System.Net.Sockets;

namespace Gateway.Delivery.Outputs;

/// <summary>Writes to the upgraded stream: the way of TLS connections.</summary>
/// <param name="stream">The stream.</param>
/// <param name="socket">The socket under it; null where there is none.</param>
internal sealed class StreamOutput(Stream stream, Socket? socket) : FrameOutput
{
    // Kestrel's own buffer, ahead of the socket: at most what it holds may not have been given to the system yet.
    private const ulong Buffered = 64 * 1024;

    public override PeerProgress Peer => PeerProgress.Of(socket) is var peer && peer != default ? peer with { Given = peer.Given + Buffered } : default;

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> frames) => stream.WriteAsync(frames);
}
