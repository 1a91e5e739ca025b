using System.Net.Sockets;
using Gateway.Delivery.Sockets;

namespace Gateway.Delivery.Outputs;

/// <summary>Writes to the upgraded stream: the way of TLS connections.</summary>
/// <param name="stream">The stream.</param>
/// <param name="socket">The socket under it; null where there is none.</param>
public sealed class StreamOutput(Stream stream, Socket? socket) : FrameOutput
{
    internal override ulong Taken => PeerProgress.Of(socket);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> frames) => stream.WriteAsync(frames);
}
