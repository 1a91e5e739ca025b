using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Models.Network;
using Microsoft.Extensions.AI;

namespace Gateway.Models.OpenAI;

/// <summary>OpenAI's chat completions, as the many servers that speak them really do.</summary>
/// <param name="endpoint">The configured address, or OpenAI's own.</param>
/// <param name="model">The provider's name for the model.</param>
/// <param name="apiKey">The key; null where none is needed.</param>
/// <param name="options">The settings of the provider.</param>
/// <param name="extra">Members to be sent with every question.</param>
internal sealed class OpenAIApi(Uri endpoint, string model, string? apiKey, OpenAIOptions options, JsonObject extra) : IProviderApi
{
    private const string Path = "/chat/completions";
    private const string StreamOptions = "stream_options";
    private const string ResponseFormat = "response_format";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Azure takes its keys under another name; what comes as a bearer is a ticket there.
    private readonly bool _isAzure =
        endpoint.Host.EndsWith(".azure.com", StringComparison.OrdinalIgnoreCase)
        || endpoint.AbsolutePath.Contains("/openai/deployments/", StringComparison.OrdinalIgnoreCase)
        || endpoint.Query.Contains("api-version=", StringComparison.OrdinalIgnoreCase);

    public Uri Address { get; } = new UriBuilder(endpoint)
    {
        Path = endpoint.AbsolutePath.TrimEnd('/') is var path && path.EndsWith(Path, StringComparison.OrdinalIgnoreCase) ? path : path + Path,
        Fragment = "",
    }.Uri;

    public string ThinkTags => options.ThinkTags;

    public void Sign(HttpRequestHeaders headers)
    {
        headers.Accept.ParseAdd("text/event-stream, application/json");
        if (string.IsNullOrWhiteSpace(apiKey)) return;
        if (_isAzure) headers.TryAddWithoutValidation("api-key", apiKey);
        else headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    public JsonObject Body(IReadOnlyList<ChatMessage> messages, ChatOptions? chatOptions)
    {
        var body = new JsonObject
        {
            ["model"] = model,
            ["messages"] = new JsonArray([.. messages.SelectMany(Messages)]),
            ["stream"] = true,
        };
        if (options.StreamOptions) body[StreamOptions] = new JsonObject { ["include_usage"] = true };
        if (chatOptions?.Temperature is { } temperature) body["temperature"] = temperature;
        if (chatOptions?.MaxOutputTokens is { } limit) body[options.MaxTokensField ?? DefaultField] = limit;
        if (ToolJson.Tools(chatOptions) is { } tools)
        {
            // Those that were used before stay known, which some servers insist on; that none may be called is said beside them.
            body["tools"] = tools;
            if (chatOptions!.ToolMode is NoneChatToolMode) body["tool_choice"] = "none";
        }

        if (ResponseFormats.Read(chatOptions, options.ResponseFormat) is (true, var schema))
        {
            body[ResponseFormat] = schema is null
                ? new JsonObject { ["type"] = "json_object" }
                : new JsonObject { ["type"] = "json_schema", ["json_schema"] = new JsonObject { ["name"] = "answer", ["schema"] = schema } };
        }

        ExtraBody.Merge(body, extra);
        return body;
    }

    public bool TryWithout(JsonObject body, ReadOnlySpan<byte> refusal)
    {
        // Strict servers know no such member; without it the tokens are estimated, which is better than no answer.
        if (refusal.IndexOf("stream_options"u8) >= 0 && body.Remove(StreamOptions)) return true;
        if (refusal.IndexOf("response_format"u8) < 0 && refusal.IndexOf("json_schema"u8) < 0) return false;

        // Many know JSON and no schema, some neither. The model has been told in its instructions, too.
        if (body[ResponseFormat]?["json_schema"] is null) return body.Remove(ResponseFormat);
        body[ResponseFormat] = new JsonObject { ["type"] = "json_object" };
        return true;
    }

    public void Read(JsonElement piece, bool isFramed, Answer answer)
    {
        if (piece.Has("usage", out var usage)) Count(usage, answer);
        if (piece.Has("x_groq", out var groq) && groq.Has("usage", out usage)) Count(usage, answer);
        if (!piece.Has("choices", out var choices)) return;
        if (choices.ValueKind != JsonValueKind.Array) throw new UnreadableAnswerException();

        // Only one is asked for. Should there be more, their texts must not be mixed.
        foreach (var choice in choices.EnumerateArray())
        {
            if (choice.ValueKind == JsonValueKind.Null) continue;
            if (choice.ValueKind != JsonValueKind.Object) throw new UnreadableAnswerException();
            if (answer.Listens(choice.Count("index") ?? 0)) ReadChoice(choice, isFramed, answer);
        }
    }

    // What came of a call is a message of its own.
    private static IEnumerable<JsonObject> Messages(ChatMessage message)
    {
        foreach (var result in message.Contents.OfType<FunctionResultContent>()) yield return new JsonObject { ["role"] = "tool", ["tool_call_id"] = result.CallId, ["content"] = ToolJson.Result(result) };
        var calls = message.Contents.OfType<FunctionCallContent>().ToList();
        if (calls.Count == 0 && message.Role == ChatRole.Tool) yield break;
        var said = new JsonObject { ["role"] = message.Role.Value, ["content"] = calls.Count > 0 && message.Text.Length == 0 ? null : message.Text };
        if (calls.Count > 0)
        {
            said["tool_calls"] = new JsonArray([.. calls.Select(call => new JsonObject
            {
                ["id"] = call.CallId,
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = ToolJson.Arguments(call).ToJsonString(Plain) },
            })]);
        }

        yield return said;
    }

    private string DefaultField => _isAzure || endpoint.Host.EndsWith("openai.com", StringComparison.OrdinalIgnoreCase) ? OpenAIOptions.MaxCompletionTokens : OpenAIOptions.MaxTokens;

    private static void ReadChoice(JsonElement choice, bool isFramed, Answer answer)
    {
        var said = false;
        if (choice.Has("delta", out var delta))
        {
            if (delta.ValueKind != JsonValueKind.Object) throw new UnreadableAnswerException();
            ReadReasoning(delta, answer);
            said = ReadContent(delta, answer, answer.Write);
        }

        // Some servers send whole messages, beside the pieces or in place of them.
        if (!said && choice.Has("message", out var message))
        {
            ReadReasoning(message, answer);
            said = ReadContent(message, answer, answer.WriteMessage);

            // A document in place of a stream is whole as it is.
            if (!isFramed) answer.End("stop", isBare: true);
        }

        if (choice.HasText("text", out var text))
        {
            answer.Write(text);
            said = true;
        }

        if (choice.Has("usage", out var usage)) Count(usage, answer);
        if (choice.Says("error")) throw new ProviderStreamException(ProviderSentence.In(choice.GetProperty("error")));
        answer.End(choice.Text("finish_reason"), isBare: !said);
    }

    // A server that sends several of these names sends the same words under each.
    private static void ReadReasoning(JsonElement delta, Answer answer)
    {
        if (delta.HasText("reasoning_content", out var reasoning) || delta.HasText("reasoning", out reasoning)) answer.Think(reasoning);
        else if (delta.Has("reasoning_details", out var details) && details.ValueKind == JsonValueKind.Array) ReadParts(details, answer.Think, answer);
    }

    private static bool ReadContent(JsonElement delta, Answer answer, Action<string> write)
    {
        var said = false;
        if (delta.Has("content", out var content)) said = ReadPart(content, write, answer);
        if (delta.HasText("refusal", out var refusal)) answer.Refuse(refusal);
        if (delta.Says("tool_calls")) ToolJson.Read(delta.GetProperty("tool_calls"), answer);
        if (delta.Says("function_call")) ToolJson.Read(delta.GetProperty("function_call"), answer);
        return said;
    }

    // A text, a part that has one, or a list of either.
    private static bool ReadPart(JsonElement part, Action<string> write, Answer answer)
    {
        switch (part.ValueKind)
        {
            case JsonValueKind.String:
                var words = part.ToText();
                write(words);
                return words.Length > 0;
            case JsonValueKind.Array:
                return ReadParts(part, write, answer);
            case JsonValueKind.Object:
                var type = part.Text("type") ?? "text";
                if (type == "refusal") answer.Refuse(part.Text("refusal") ?? "");
                var takes = type.Contains("think", StringComparison.Ordinal) || type.Contains("reason", StringComparison.Ordinal) ? answer.Think : write;

                // Of parts of other kinds, such as references and pictures, there is nothing to show.
                return (part.Has("thinking", out var inner) || part.Has("text", out inner) || part.Has("summary", out inner)) && ReadPart(inner, takes, answer);
            default:
                return false;
        }
    }

    private static bool ReadParts(JsonElement parts, Action<string> write, Answer answer)
    {
        var said = false;
        foreach (var part in parts.EnumerateArray()) said |= ReadPart(part, write, answer);
        return said;
    }

    private static void Count(JsonElement usage, Answer answer)
    {
        answer.Count(usage, "input_tokens", "output_tokens");
        answer.Count(usage, "prompt_tokens", "completion_tokens");
    }
}
