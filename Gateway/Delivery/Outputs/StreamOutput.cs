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

    // Kestrel copies what it is given, so a large event is given to it as it takes it.
    private const int PieceLength = 16 * 1024;

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> frames) => frames.Length <= PieceLength ? stream.WriteAsync(frames) : WriteInPiecesAsync(frames);

    private async ValueTask WriteInPiecesAsync(ReadOnlyMemory<byte> frames)
    {
        for (; frames.Length > 0; frames = frames[Math.Min(frames.Length, PieceLength)..])
        {
            await stream.WriteAsync(frames[..Math.Min(frames.Length, PieceLength)]);
            Owner?.Progressed();
        }
    }
}
