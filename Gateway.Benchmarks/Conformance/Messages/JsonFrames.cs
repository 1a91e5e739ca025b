using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Benchmarks.Conformance.Messages;

/// <summary>Events as JSON, wherever they stand.</summary>
internal static class JsonFrames
{
    /// <summary>A document; null when the text is none.</summary>
    public static JsonNode? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonNode.Parse(json.Span);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What the kit must know of an event; null when the node is none.</summary>
    public static EventFrame? Read(JsonNode? node)
    {
        if (node is not JsonObject frame || frame["seq"] is not JsonValue seq || frame["data"] is not JsonObject data) return null;
        return new EventFrame(
            data["session_id"]?.GetValue<string>() ?? string.Empty,
            seq.GetValue<long>(),
            frame["timestamp"]!.GetValue<string>(),
            frame["event"]!.GetValue<string>() == "token_stream" && data["tool"] is null && data["agent_id"]!.GetValue<string>() != "user");
    }

    /// <summary>Changes an event.</summary>
    public static JsonObject Change(JsonObject frame, FrameChange change)
    {
        if (change.Timestamp is not null) frame["timestamp"] = change.Timestamp;
        if (change.Padding is not null)
        {
            frame[FrameChange.PaddingName] = change.Padding;
            frame["data"]![FrameChange.PaddingName] = new JsonArray(change.Padding.Length, change.Padding.Length > 100 ? null : change.Padding);
        }

        return frame;
    }

    /// <summary>An event that nobody knows.</summary>
    public static JsonObject Unknown(EventFrame frame, string name) => new()
    {
        ["event"] = name,
        ["timestamp"] = frame.Timestamp,
        ["data"] = new JsonObject { ["session_id"] = frame.SessionId, ["to"] = new JsonArray(1, "two", null) },
    };

    public static byte[] Bytes(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString());
}
