namespace Gateway.Benchmarks.Conformance.Messages;

/// <summary>The hub over WebSockets and long polling: messages of SignalR's JSON, which a byte ends, or of MessagePack, behind their length.</summary>
/// <remarks>Which of them it is, each message tells: the handshake is JSON on both.</remarks>
internal sealed class HubFormat : MessageFormat
{
    private const byte Separator = 0x1E;

    public override bool TryTake(ref ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte> message)
    {
        message = default;
        if (bytes.Length < 2) return false;
        var length = IsJson(bytes) ? bytes.Span.IndexOf(Separator) + 1 : PackedCall.Length(bytes.Span);
        if (length <= 0 || length > bytes.Length) return false;
        (message, bytes) = (bytes[..length], bytes[length..]);
        return true;
    }

    public override EventFrame? Read(ReadOnlyMemory<byte> message) => IsJson(message) ? JsonCall.Read(message) : PackedCall.Read(message);

    public override ReadOnlyMemory<byte> Change(ReadOnlyMemory<byte> message, FrameChange change) =>
        IsJson(message) ? JsonCall.Change(message, change) : PackedCall.Change(message, change);

    public override IEnumerable<ReadOnlyMemory<byte>> Garbage(ReadOnlyMemory<byte> message, EventFrame frame) =>
        IsJson(message) ? JsonCall.Garbage() : PackedCall.Garbage();

    public override ReadOnlyMemory<byte> Unknown(ReadOnlyMemory<byte> message, EventFrame frame) =>
        IsJson(message) ? JsonCall.Unknown(frame, UnknownEvent) : PackedCall.Unknown(frame, UnknownEvent);

    // A MessagePack message may begin with a length of 123, which is a brace; then comes the head of a list.
    private static bool IsJson(ReadOnlyMemory<byte> message) => message.Span[0] == (byte)'{' && message.Span[1] is (byte)'"' or (byte)'}';
}
