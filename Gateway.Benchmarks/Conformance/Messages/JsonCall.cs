using System.Text;
using System.Text.Json.Nodes;

namespace Gateway.Benchmarks.Conformance.Messages;

/// <summary>A message of SignalR's JSON: a call whose argument is the event.</summary>
internal static class JsonCall
{
    private const char Separator = '\u001e';

    public static EventFrame? Read(ReadOnlyMemory<byte> message) => JsonFrames.Read(Argument(Parse(message)));

    public static ReadOnlyMemory<byte> Change(ReadOnlyMemory<byte> message, FrameChange change)
    {
        var call = Parse(message)!;
        JsonFrames.Change((JsonObject)Argument(call)!, change);
        return Bytes(call);
    }

    public static ReadOnlyMemory<byte> Unknown(EventFrame frame, string name) =>
        Bytes(new JsonObject { ["type"] = 1, ["target"] = "NodeTeleported", ["arguments"] = new JsonArray(JsonFrames.Unknown(frame, name)) });

    // What SignalR can read, and nobody who awaits an event: a line that cannot be read at all ends a hub connection, which `drop` shows.
    public static IEnumerable<ReadOnlyMemory<byte>> Garbage() => ((string[])["42", "null", "\"text\"", "[]", "{}", """{"seq":"first","data":7}"""])
        .Select(argument => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes($$"""{"type":1,"target":"TokenStream","arguments":[{{argument}}]}""" + Separator));

    private static JsonNode? Parse(ReadOnlyMemory<byte> message) => JsonFrames.Parse(message[..^1]);

    private static JsonNode? Argument(JsonNode? call) => call is JsonObject && call["arguments"] is JsonArray { Count: 1 } arguments ? arguments[0] : null;

    private static byte[] Bytes(JsonNode call) => Encoding.UTF8.GetBytes(call.ToJsonString() + Separator);
}
