using System.Text.Json.Nodes;

namespace Gateway.Benchmarks.Conformance.Messages;

/// <summary><c>/ws</c>: a WebSocket message is an event.</summary>
internal sealed class SocketFormat : MessageFormat
{
    public override bool TryTake(ref ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte> message)
    {
        (message, bytes) = (bytes, default);
        return message.Length > 0;
    }

    public override EventFrame? Read(ReadOnlyMemory<byte> message) => JsonFrames.Read(JsonFrames.Parse(message));

    public override ReadOnlyMemory<byte> Change(ReadOnlyMemory<byte> message, FrameChange change) =>
        JsonFrames.Bytes(JsonFrames.Change((JsonObject)JsonFrames.Parse(message)!, change));

    // Cut off, no object, an object that is no event, and members of the wrong kind.
    public override IEnumerable<ReadOnlyMemory<byte>> Garbage(ReadOnlyMemory<byte> message, EventFrame frame) =>
    [
        message[..(message.Length * 2 / 3)],
        .. ((string[])["null", "42", "[]", "\"token_stream\"", "{}", """{"event":7}""", """{"event":"error","data":null}""", """{"event":"ack","id":"nobody's","data":{}}""", """{"event":"token_stream","seq":"first","data":[]}"""])
            .Select(text => (ReadOnlyMemory<byte>)System.Text.Encoding.UTF8.GetBytes(text)),
    ];

    public override ReadOnlyMemory<byte> Unknown(ReadOnlyMemory<byte> message, EventFrame frame) => JsonFrames.Bytes(JsonFrames.Unknown(frame, UnknownEvent));
}
