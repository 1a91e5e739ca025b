using System.Net.WebSockets;
using Gateway.Delivery.Wires;

namespace Gateway.Delivery.Outputs;

/// <summary>Sends each frame's payload over a WebSocket that frames by itself: HTTP/2 connections and test hosts.</summary>
public sealed class WebSocketOutput(WebSocket socket) : FrameOutput
{
    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> frames)
    {
        while (frames.Length > 0)
        {
            var (header, payload, type) = WebSocketFrame.ReadHeader(frames.Span);
            await socket.SendAsync(frames.Slice(header, payload), type, endOfMessage: true, CancellationToken.None);
            frames = frames[(header + payload)..];
            Progress?.Invoke();
        }
    }
}
