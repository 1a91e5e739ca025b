using System.Net.WebSockets;
using Gateway.Delivery.Outputs;
using Gateway.Transport;

namespace Gateway.Doors.WebSockets;

/// <summary>Sends each frame's payload over a WebSocket that frames by itself: HTTP/2 connections and test hosts.</summary>
internal sealed class WebSocketOutput(WebSocket socket) : FrameOutput
{
    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> frames)
    {
        while (frames.Length > 0)
        {
            var (header, payload, type) = WebSocketFrame.ReadHeader(frames.Span);
            await socket.SendAsync(frames.Slice(header, payload), type, endOfMessage: true, CancellationToken.None);
            frames = frames[(header + payload)..];
            Owner?.Progressed();
        }
    }
}
