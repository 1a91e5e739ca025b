using System.Buffers.Binary;
using System.Net.WebSockets;
using Gateway.Delivery;

namespace Gateway.Transport;

/// <summary>The header of an unmasked, unfragmented WebSocket frame (RFC 6455, section 5.2), as servers send it.</summary>
/// <remarks>Such a frame is the same for every receiver, so it can lie ready in a feed and be written to many sockets.</remarks>
internal static class WebSocketFrame
{
    /// <summary>The longest header.</summary>
    public const int MaxHeaderLength = 10;

    private const byte Final = 0x80;
    private const byte OpcodeMask = 0x0F;
    private const byte ContinuationOpcode = 0x0;
    private const byte TextOpcode = 0x1;
    private const byte BinaryOpcode = 0x2;
    private const byte CloseOpcode = 0x8;
    private const byte LengthMask = 0x7F;
    private const int TwoByteLength = 126;
    private const int EightByteLength = 127;

    /// <summary>An empty ping.</summary>
    public static ReadOnlyMemory<byte> Ping { get; } = new byte[] { Final | 0x9, 0 };

    /// <summary>Writes the header of a message with <paramref name="length"/> bytes; returns the header's length.</summary>
    public static int WriteHeader(Span<byte> target, WebSocketMessageType type, int length)
    {
        target[0] = (byte)(Final | (type == WebSocketMessageType.Text ? TextOpcode : BinaryOpcode));
        if (length < TwoByteLength)
        {
            target[1] = (byte)length;
            return 2;
        }

        if (length <= ushort.MaxValue)
        {
            target[1] = TwoByteLength;
            BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)length);
            return 4;
        }

        target[1] = EightByteLength;
        BinaryPrimitives.WriteUInt64BigEndian(target[2..], (ulong)length);
        return MaxHeaderLength;
    }

    /// <summary>A whole frame around <paramref name="payload"/>.</summary>
    public static byte[] Create(WebSocketMessageType type, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = stackalloc byte[MaxHeaderLength];
        var length = WriteHeader(header, type, payload.Length);
        var frame = new byte[length + payload.Length];
        header[..length].CopyTo(frame);
        payload.CopyTo(frame.AsSpan(length));
        return frame;
    }

    /// <summary>Reads the header at the start of <paramref name="frames"/>.</summary>
    public static (int HeaderLength, int PayloadLength, WebSocketMessageType Type) ReadHeader(ReadOnlySpan<byte> frames)
    {
        var type = (frames[0] & OpcodeMask) == TextOpcode ? WebSocketMessageType.Text : WebSocketMessageType.Binary;
        return (frames[1] & LengthMask) switch
        {
            TwoByteLength => (4, BinaryPrimitives.ReadUInt16BigEndian(frames[2..]), type),
            EightByteLength => (MaxHeaderLength, checked((int)BinaryPrimitives.ReadUInt64BigEndian(frames[2..])), type),
            var length => (2, length, type),
        };
    }

    /// <summary>What a frame means for the frames around it; SignalR sends a long message in parts (RFC 6455, section 5.4).</summary>
    public static FrameKind KindOf(ReadOnlySpan<byte> frame)
    {
        if (frame.IsEmpty) return FrameKind.Control;
        var opcode = frame[0] & OpcodeMask;
        if (opcode == CloseOpcode) return FrameKind.Close;
        if (opcode > CloseOpcode) return FrameKind.Control;
        if ((frame[0] & Final) == 0) return FrameKind.Part;
        return opcode == ContinuationOpcode ? FrameKind.LastPart : FrameKind.Message;
    }
}
