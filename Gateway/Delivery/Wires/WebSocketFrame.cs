using System.Buffers.Binary;
using System.Net.WebSockets;

namespace Gateway.Delivery.Wires;

/// <summary>The header of an unmasked, unfragmented WebSocket frame (RFC 6455, section 5.2), as servers send it.</summary>
/// <remarks>Such a frame is the same for every receiver, so it can lie ready in a feed and be written to many sockets.</remarks>
public static class WebSocketFrame
{
    /// <summary>The longest header.</summary>
    public const int MaxHeaderLength = 10;

    private const byte Final = 0x80;
    private const byte OpcodeMask = 0x0F;
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

    /// <summary>Whether a message is unfinished after this frame: a fragment that is not the last, or a control frame among fragments.</summary>
    public static bool LeavesMessageOpen(ReadOnlySpan<byte> frame, bool before)
    {
        if (frame.IsEmpty) return before;
        var control = (frame[0] & OpcodeMask) >= CloseOpcode;
        return control ? before : (frame[0] & Final) == 0;
    }

    /// <summary>Whether a frame is a close frame, after which nothing may be sent.</summary>
    public static bool IsClose(ReadOnlySpan<byte> frame) => frame.Length > 0 && (frame[0] & OpcodeMask) == CloseOpcode;
}
