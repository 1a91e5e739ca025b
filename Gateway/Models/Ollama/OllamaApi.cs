using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Models.Network;
using Microsoft.Extensions.AI;

namespace Gateway.Models.Ollama;

/// <summary>Ollama's own chat API, which answers in lines of JSON.</summary>
/// <param name="endpoint">The configured address, or that of this machine's server.</param>
/// <param name="model">Ollama's name for the model.</param>
/// <param name="apiKey">The key; null where none is needed.</param>
/// <param name="settings">The settings of the provider.</param>
/// <param name="modelOptions">Ollama's options, such as <c>num_ctx</c>, to be sent with every question.</param>
/// <param name="extra">Other members to be sent with every question.</param>
internal sealed class OllamaApi(Uri endpoint, string model, string? apiKey, OllamaOptions settings, JsonObject modelOptions, JsonObject extra) : IProviderApi
{
    private const string Path = "/api/chat";
    private const string Format = "format";

    public Uri Address { get; } = new UriBuilder(endpoint)
    {
        Path = endpoint.AbsolutePath.TrimEnd('/') is var path && path.EndsWith(Path, StringComparison.OrdinalIgnoreCase) ? path : path + Path,
        Fragment = "",
    }.Uri;

    public string ThinkTags => settings.ThinkTags;

    public void Sign(HttpRequestHeaders headers)
    {
        headers.Accept.ParseAdd("application/x-ndjson, application/json");
        if (!string.IsNullOrWhiteSpace(apiKey)) headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    public JsonObject Body(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        var ways = new JsonObject();
        ExtraBody.Merge(ways, modelOptions);

        // What the workflow says of the agent is nearer than what is configured for the model.
        if (options?.Temperature is { } temperature) ways["temperature"] = temperature;
        if (options?.MaxOutputTokens is { } limit) ways["num_predict"] = limit;

        var body = new JsonObject
        {
            ["model"] = model,
            ["messages"] = new JsonArray([.. Messages(messages)]),
            ["stream"] = true,
        };
        if (ways.Count > 0) body["options"] = ways;

        // There is no way to say that none may be called but to leave them out. A format rules out every call, so beside tools there is none.
        if (options?.ToolMode is not NoneChatToolMode && ToolJson.Tools(options) is { } tools) body["tools"] = tools;
        else if (ResponseFormats.Read(options, settings.ResponseFormat) is (true, var schema)) body[Format] = schema ?? ResponseFormats.Json;
        ExtraBody.Merge(body, extra);
        return body;
    }

    public bool TryWithout(JsonObject body, ReadOnlySpan<byte> refusal)
    {
        // Servers before 0.5 know JSON and no schema.
        if (refusal.IndexOf(Encoding.UTF8.GetBytes(Format)) < 0 || body[Format] is not { } format) return false;
        if (format is JsonValue) return body.Remove(Format);
        body[Format] = ResponseFormats.Json;
        return true;
    }

    public void Read(JsonElement piece, bool isFramed, Answer answer)
    {
        if (piece.Has("message", out var message))
        {
            if (message.ValueKind != JsonValueKind.Object) throw new UnreadableAnswerException();
            if (message.HasText("thinking", out var thinking) || message.HasText("reasoning", out thinking)) answer.Think(thinking);
            if (message.HasText("content", out var text)) answer.Write(text);
            if (message.Says("tool_calls")) ReadCalls(message.GetProperty("tool_calls"), answer);
        }

        answer.Count(piece, "prompt_eval_count", "eval_count");
        if (!piece.Has("done", out var done) || done.ValueKind != JsonValueKind.True) return;
        answer.End(piece.Text("done_reason") is { Length: > 0 } reason ? reason : "stop", isBare: true);
        answer.Conclude();
    }

    // A call comes whole, and several may come in one piece or in one each; most without an index, and all without an id.
    private static void ReadCalls(JsonElement calls, Answer answer)
    {
        if (calls.ValueKind != JsonValueKind.Array) return;
        foreach (var call in calls.EnumerateArray())
        {
            if (call.Has("function", out var function)) answer.CallWhole(function.Text("name"), function.Has("arguments", out var arguments) ? arguments : null);
        }
    }

    // It knows the result of a call by the tool's name.
    private static IEnumerable<JsonObject> Messages(IReadOnlyList<ChatMessage> messages)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var message in messages)
        {
            foreach (var result in message.Contents.OfType<FunctionResultContent>()) yield return new JsonObject { ["role"] = "tool", ["tool_name"] = names.GetValueOrDefault(result.CallId), ["content"] = ToolJson.Result(result) };
            var calls = message.Contents.OfType<FunctionCallContent>().ToList();
            if (calls.Count == 0 && message.Role == ChatRole.Tool) continue;
            var said = new JsonObject { ["role"] = message.Role.Value, ["content"] = message.Text };
            if (calls.Count > 0) said["tool_calls"] = new JsonArray([.. calls.Select(call => new JsonObject { ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = ToolJson.Arguments(call) } })]);
            foreach (var call in calls) names[call.CallId] = call.Name;
            yield return said;
        }
    }
}
