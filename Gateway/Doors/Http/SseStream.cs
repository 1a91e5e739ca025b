using Gateway.Delivery.Wires;

namespace Gateway.Doors.Http;

/// <summary>A session's events as Server-Sent Events, which a browser reads with its <c>EventSource</c>.</summary>
internal sealed class SseStream(WireRegistry wires) : EventStream("text/event-stream", new SseWire(wires.TrafficOf("sse")))
{
    private static readonly byte[] s_retry = "retry: 3000\n\n"u8.ToArray();

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Preamble => s_retry;

    /// <inheritdoc/>
    public override string Description =>
        """
        Each event has its seq as `id`, its name as `event` and its frame as `data`; a comment comes every 15 seconds.
        In a browser an event named `error` reaches the same listeners as a lost connection; it is the one that has `data`.
        """;

    /// <inheritdoc/>
    public override string Example =>
        "retry: 3000\n\nid: 17\nevent: token_stream\ndata: {\"event\":\"token_stream\",\"timestamp\":\"2026-11-22T10:00:00.1234567Z\",\"node_id\":\"affirmative\",\"seq\":17,\"data\":{\"session_id\":\"my-debate\",\"node_id\":\"affirmative\",\"agent_id\":\"value_defender\",\"chunk\":\"Hel\",\"is_thinking\":false}}\n\n";
}
