using System.Net.Sockets;
using Gateway.Delivery.Outputs;
using Gateway.Delivery.Wires;
using Microsoft.AspNetCore.SignalR;

namespace Gateway.Doors.Hubs;

/// <summary>Sends through SignalR itself: long polling, Server-Sent Events and test hosts.</summary>
/// <remarks>SignalR takes several messages in one buffer, so a whole write is one <see cref="SerializedHubMessage"/>.</remarks>
/// <param name="connection">The hub connection.</param>
/// <param name="socket">The socket of its one long request; null where each poll has its own.</param>
public sealed class HubConnectionOutput(HubConnectionContext connection, Socket? socket) : FrameOutput
{
    internal override PeerProgress Peer => PeerProgress.Of(socket);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> frames) =>
        connection.WriteAsync(new SerializedHubMessage([new SerializedMessage(connection.Protocol.Name, Payloads(frames.Span))]));

    private static byte[] Payloads(ReadOnlySpan<byte> frames)
    {
        var payloads = new byte[frames.Length];
        var length = 0;
        while (frames.Length > 0)
        {
            var (header, payload, _) = WebSocketFrame.ReadHeader(frames);
            frames.Slice(header, payload).CopyTo(payloads.AsSpan(length));
            length += payload;
            frames = frames[(header + payload)..];
        }

        return payloads[..length];
    }
}
