using System.Text;
using System.Text.Json.Nodes;

namespace Gateway.Benchmarks.Conformance.Messages;

/// <summary>Server-Sent Events: blocks that an empty line ends, with events as their data, or with the messages of a hub.</summary>
internal sealed class EventStreamFormat(bool isHub) : MessageFormat
{
    private const string Data = "data: ";
    private const byte Separator = 0x1E;

    public override bool TryTake(ref ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte> message)
    {
        message = default;
        var (end, delimiter) = (bytes.Span.IndexOf("\r\n\r\n"u8), 4);
        if (end < 0) (end, delimiter) = (bytes.Span.IndexOf("\n\n"u8), 2);
        if (end < 0) return false;
        (message, bytes) = (bytes[..(end + delimiter)], bytes[(end + delimiter)..]);

        // A hub puts all that waits into one block; each message gets a block of its own here.
        if (isHub && DataOf(message) is { } data && data.Span.IndexOf(Separator) + 1 is var first && first > 0 && first < data.Length)
        {
            message = Block(string.Empty, data[..first]);
            bytes = (byte[])[.. Block(string.Empty, data[first..]), .. bytes.Span];
        }

        return true;
    }

    public override EventFrame? Read(ReadOnlyMemory<byte> message) => DataOf(message) is not { } data ? null
        : isHub ? JsonCall.Read(data)
        : JsonFrames.Read(JsonFrames.Parse(data));

    public override ReadOnlyMemory<byte> Change(ReadOnlyMemory<byte> message, FrameChange change)
    {
        var data = DataOf(message)!.Value;
        return With(message, isHub ? JsonCall.Change(data, change) : JsonFrames.Bytes(JsonFrames.Change((JsonObject)JsonFrames.Parse(data)!, change)));
    }

    public override IEnumerable<ReadOnlyMemory<byte>> Garbage(ReadOnlyMemory<byte> message, EventFrame frame) => isHub
        ? JsonCall.Garbage().Select(garbage => (ReadOnlyMemory<byte>)Block(string.Empty, garbage))
        : [Block("event: token_stream\n", Encoding.UTF8.GetBytes("{\"event\":\"token_stream\",\"se")), Block("event: token_stream\n", Encoding.UTF8.GetBytes("null")), Encoding.UTF8.GetBytes("nonsense\n\n"), Encoding.UTF8.GetBytes(": data: 1\n\n")];

    public override ReadOnlyMemory<byte> Unknown(ReadOnlyMemory<byte> message, EventFrame frame) =>
        isHub ? Block(string.Empty, JsonCall.Unknown(frame, UnknownEvent)) : Block($"event: {UnknownEvent}\n", JsonFrames.Bytes(JsonFrames.Unknown(frame, UnknownEvent)));

    // The block is written as it was, with other data.
    private static byte[] With(ReadOnlyMemory<byte> message, ReadOnlyMemory<byte> data)
    {
        var text = Encoding.UTF8.GetString(message.Span);
        var at = text.IndexOf(Data, StringComparison.Ordinal);
        return Block(text[..at], data);
    }

    private static byte[] Block(string head, ReadOnlyMemory<byte> data) => [.. Encoding.UTF8.GetBytes(head + Data), .. data.Span, .. "\r\n\r\n"u8];

    private static ReadOnlyMemory<byte>? DataOf(ReadOnlyMemory<byte> message)
    {
        var at = message.Span.IndexOf("data: "u8);
        if (at < 0) return null;
        var data = message[(at + Data.Length)..];
        return data[..data.Span.IndexOfAny((byte)'\r', (byte)'\n')];
    }
}
