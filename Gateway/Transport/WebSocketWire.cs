using System.Buffers;
using System.Net.WebSockets;
using Gateway.Delivery.Wires;

namespace Gateway.Transport;

/// <summary>A wire whose messages go over a WebSocket, one a frame.</summary>
internal class WebSocketWire(Wire messages, WebSocketMessageType type) : FramedWire(messages)
{
    /// <inheritdoc/>
    public sealed override ReadOnlyMemory<byte> Ping => WebSocketFrame.Ping;

    /// <inheritdoc/>
    protected sealed override void WriteFrame(ReadOnlySpan<byte> message, IBufferWriter<byte> output)
    {
        output.Advance(WebSocketFrame.WriteHeader(output.GetSpan(WebSocketFrame.MaxHeaderLength), type, message.Length));
        output.Write(message);
    }
}
