using System.Net.Sockets;

namespace Gateway.Delivery.Outputs;

/// <summary>Writes straight to the socket: a non-blocking send, and waiting only when the kernel's buffer is full.</summary>
internal sealed class SocketOutput(Socket socket) : FrameOutput
{
    private const int PieceLength = 8 * 1024;

    private readonly SafeSocketHandle _handle = socket.SafeHandle;

    public override PeerProgress Peer => PeerProgress.Of(socket);

    public override void PrefetchTarget()
    {
        Prefetch.Object(socket, lines: 3);
        Prefetch.Object(_handle, lines: 2);
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> frames)
    {
        var sent = socket.Send(frames.Span, SocketFlags.None, out var error);
        if (error == SocketError.Success && sent == frames.Length) return default;
        if (error is not (SocketError.Success or SocketError.WouldBlock)) return ValueTask.FromException(new SocketException((int)error));
        return WriteRestAsync(frames[Math.Max(sent, 0)..]);
    }

    private async ValueTask WriteRestAsync(ReadOnlyMemory<byte> rest)
    {
        // In pieces, because a send completes only with its last byte: each one done is progress.
        while (rest.Length > 0)
        {
            var sent = await socket.SendAsync(rest[..Math.Min(rest.Length, PieceLength)], SocketFlags.None);
            rest = rest[sent..];
            Owner?.Progressed();
        }
    }
}
