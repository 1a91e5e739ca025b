using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Contracts;
using Gateway.Refusals;

namespace Gateway.Doors.AgUi;

/// <summary>What a client asks for: a <c>RunAgentInput</c>. Members that the gateway has no use for (tools, context, state) are passed over.</summary>
/// <param name="ThreadId">The conversation.</param>
/// <param name="RunId">The run, by a name of the client's own.</param>
/// <param name="Messages">The conversation as the client has it.</param>
/// <param name="Resume">Its answers to interrupts.</param>
/// <param name="Input">The input of a workflow that takes members, from <c>forwardedProps.input</c>; null: the user's words are the input.</param>
internal sealed record AgUiInput(string ThreadId, string RunId, IReadOnlyList<JsonObject> Messages, IReadOnlyList<AgUiResume> Resume, JsonElement? Input)
{
    /// <summary>What the user has said in this thread, message by message, as text; not what the gateway has told the client that was said elsewhere.</summary>
    public IReadOnlyList<string> UserTexts => [.. Messages.Where(message => IsOf(message, "user") && !AgUiProjection.IsHeard(message["id"]!.GetValue<string>())).Select(message => TextOf(message["content"]))];

    /// <summary>Reads a body.</summary>
    /// <exception cref="GatewayException"><c>invalid_data</c>, naming the member.</exception>
    public static AgUiInput Parse(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty) throw Refuse("The body is missing: send a RunAgentInput of AG-UI as JSON.");
        JsonText.Check(body, "body");
        var root = JsonElement.Parse(body);
        if (root.ValueKind != JsonValueKind.Object) throw Refuse("The body must be an object: a RunAgentInput of AG-UI.");
        JsonElement? input = root.TryGetProperty("forwardedProps", out var forwarded) && forwarded.ValueKind == JsonValueKind.Object && forwarded.TryGetProperty("input", out var given) && given.ValueKind == JsonValueKind.Object ? given : null;
        return new AgUiInput(Text(root, "threadId"), Text(root, "runId"), [.. List(root, "messages").Select(Message)], [.. List(root, "resume").Select(Resumption)], input);
    }

    /// <summary>Whether a message is of a role.</summary>
    public static bool IsOf(JsonObject message, string role) => message["role"] is JsonValue value && value.TryGetValue<string>(out var text) && text == role;

    /// <summary>The text of a message's content; of a list of parts, that of the texts among them.</summary>
    public static string TextOf(JsonNode? content) => content switch
    {
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonArray parts => string.Join("\n", parts.OfType<JsonObject>().Select(part => part["text"]).OfType<JsonValue>().Select(text => text.ToString())),
        _ => string.Empty,
    };

    private static JsonObject Message(JsonElement message)
    {
        if (message.ValueKind == JsonValueKind.Object && message.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String) return JsonObject.Create(message)!;
        throw Refuse("Each of 'messages' must be an object with an 'id'.");
    }

    private static AgUiResume Resumption(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object) throw Refuse("Each of 'resume' must be an object with an 'interruptId' and a 'status'.");
        JsonElement? payload = entry.TryGetProperty("payload", out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
        return Text(entry, "status") switch
        {
            "resolved" => new AgUiResume(Text(entry, "interruptId"), false, payload),
            "cancelled" => new AgUiResume(Text(entry, "interruptId"), true, payload),
            _ => throw Refuse("'status' of each of 'resume' must be 'resolved' or 'cancelled'."),
        };
    }

    private static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : throw Refuse($"'{name}' is missing or no text.");

    private static JsonElement.ArrayEnumerator List(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return default;
        return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Refuse($"'{name}' must be a list.");
    }

    private static GatewayException Refuse(string sentence) => new(ErrorCode.InvalidData, sentence);
}
