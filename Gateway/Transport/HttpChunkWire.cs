using System.Buffers;
using System.Buffers.Text;
using Gateway.Delivery.Wires;

namespace Gateway.Transport;

/// <summary>A wire whose messages are parts of an HTTP/1.1 response, a chunk each (RFC 9112, section 7.1).</summary>
/// <remarks>For responses that are written past the server: see <see cref="DirectResponse"/>.</remarks>
internal sealed class HttpChunkWire : FramedWire
{
    // Eight hexadecimal digits are enough for any length.
    private const int MaxSizeLength = 8;

    /// <summary>Creates the wire.</summary>
    public HttpChunkWire(Wire messages)
        : base(messages)
    {
        if (messages.Comment.IsEmpty) return;
        var comment = new ArrayBufferWriter<byte>();
        WriteFrame(messages.Comment.Span, comment);
        Comment = comment.WrittenMemory;
    }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Comment { get; }

    /// <inheritdoc/>
    protected override void WriteFrame(ReadOnlySpan<byte> message, IBufferWriter<byte> output)
    {
        // An empty chunk would end the response.
        if (message.IsEmpty) return;
        Utf8Formatter.TryFormat(message.Length, output.GetSpan(MaxSizeLength), out var digits, 'x');
        output.Advance(digits);
        output.Write("\r\n"u8);
        output.Write(message);
        output.Write("\r\n"u8);
    }
}
