using MessagePack;
using MessagePack.Resolvers;

namespace Gateway.Benchmarks.Conformance.Messages;

/// <summary>A message of SignalR's MessagePack, behind its length: a call whose argument is the event.</summary>
internal static class PackedCall
{
    private const int Invocation = 1;
    private const int Target = 3;
    private const int Arguments = 4;
    private const int LongestPrefix = 5;
    private static readonly MessagePackSerializerOptions s_options = MessagePackSerializerOptions.Standard.WithResolver(CompositeResolver.Create(PrimitiveObjectResolver.Instance, StandardResolver.Instance));

    /// <summary>The whole length of the first message; 0 when more bytes are needed to know it.</summary>
    public static int Length(ReadOnlySpan<byte> bytes)
    {
        var length = 0;
        for (var i = 0; i < Math.Min(LongestPrefix, bytes.Length); i++)
        {
            length |= (bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80) return i + 1 + length;
        }

        return 0;
    }

    public static EventFrame? Read(ReadOnlyMemory<byte> message)
    {
        if (EventIn(Parse(message)) is not { } frame || !frame.TryGetValue("seq", out var seq) || frame["data"] is not Dictionary<object, object?> data) return null;
        return new EventFrame(
            (string)data["session_id"]!,
            Convert.ToInt64(seq, System.Globalization.CultureInfo.InvariantCulture),
            (string)frame["timestamp"]!,
            frame["event"] is "token_stream" && data.GetValueOrDefault("tool") is null && data["agent_id"] is not "user");
    }

    public static ReadOnlyMemory<byte> Change(ReadOnlyMemory<byte> message, FrameChange change)
    {
        var call = Parse(message)!;
        var frame = EventIn(call)!;
        if (change.Timestamp is not null) frame["timestamp"] = change.Timestamp;
        if (change.Padding is not null)
        {
            frame[FrameChange.PaddingName] = change.Padding;
            ((Dictionary<object, object?>)frame["data"]!)[FrameChange.PaddingName] = new object?[] { change.Padding.Length, null };
        }

        return Bytes(call);
    }

    public static ReadOnlyMemory<byte> Unknown(EventFrame frame, string name) => Bytes(Call("NodeTeleported", new Dictionary<object, object?>
    {
        ["event"] = name,
        ["timestamp"] = frame.Timestamp,
        ["data"] = new Dictionary<object, object?> { ["session_id"] = frame.SessionId },
    }));

    public static IEnumerable<ReadOnlyMemory<byte>> Garbage() => ((object?[])[42, null, "text", Array.Empty<object>(), new Dictionary<object, object?> { ["seq"] = "first", ["data"] = 7 }])
        .Select(argument => (ReadOnlyMemory<byte>)Bytes(Call("TokenStream", argument)));

    private static object?[] Call(string target, object? argument) => [Invocation, new Dictionary<object, object?>(), null, target, new[] { argument }, Array.Empty<object>()];

    private static object?[]? Parse(ReadOnlyMemory<byte> message)
    {
        var prefix = message.Span.IndexOfAnyInRange((byte)0, (byte)0x7F) + 1;
        return MessagePackSerializer.Deserialize<object>(message[prefix..], s_options) as object?[];
    }

    private static Dictionary<object, object?>? EventIn(object?[]? call) =>
        call is { Length: > Arguments } && call[0] is byte and Invocation && call[Target] is string && call[Arguments] is object?[] { Length: 1 } arguments ? arguments[0] as Dictionary<object, object?> : null;

    private static byte[] Bytes(object?[] call)
    {
        var body = MessagePackSerializer.Serialize<object>(call, s_options);
        var prefix = new List<byte>();
        for (var rest = body.Length; ; rest >>= 7)
        {
            prefix.Add((byte)(rest < 0x80 ? rest : rest | 0x80));
            if (rest < 0x80) return [.. prefix, .. body];
        }
    }
}
