using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Gateway.Models.Network;

/// <summary>What both providers write and read alike about tools.</summary>
internal static class ToolJson
{
    /// <summary>The tools of a question, as <c>tools</c> of its body; null when there are none.</summary>
    public static JsonArray? Tools(ChatOptions? options)
    {
        if (options?.Tools is not { Count: > 0 } tools) return null;
        return new JsonArray([.. tools.OfType<AIFunctionDeclaration>().Select(tool => new JsonObject
        {
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = tool.Name, ["description"] = tool.Description, ["parameters"] = JsonObject.Create(tool.JsonSchema) },
        })]);
    }

    /// <summary>The arguments of a call, as a JSON object.</summary>
    public static JsonObject Arguments(FunctionCallContent call)
    {
        var arguments = new JsonObject();
        foreach (var (name, value) in call.Arguments ?? new Dictionary<string, object?>())
        {
            arguments[name] = value switch
            {
                null => null,
                JsonElement element => JsonSerializer.SerializeToNode(element, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonElement))),
                _ => JsonSerializer.SerializeToNode(value, AIJsonUtilities.DefaultOptions.GetTypeInfo(value.GetType())),
            };
        }

        return arguments;
    }

    /// <summary>What a tool answered.</summary>
    public static string Result(FunctionResultContent result) => result.Result switch
    {
        null => "",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString()!,
        JsonElement json => json.GetRawText(),
        var other => JsonSerializer.Serialize(other, AIJsonUtilities.DefaultOptions.GetTypeInfo(other.GetType())),
    };

    /// <summary>Reads the calls of a piece of an answer.</summary>
    public static void Read(JsonElement calls, Answer answer)
    {
        // Most send a list, some a single call.
        if (calls.ValueKind == JsonValueKind.Object) ReadCall(calls, answer);
        if (calls.ValueKind != JsonValueKind.Array) return;
        foreach (var call in calls.EnumerateArray()) ReadCall(call, answer);
    }

    private static void ReadCall(JsonElement call, Answer answer)
    {
        if (call.ValueKind != JsonValueKind.Object) return;
        var function = call.Has("function", out var inner) ? inner : call;
        answer.Call(call.Count("index") ?? function.Count("index"), call.Text("id"), function.Text("name"), Written(function));
    }

    private static string? Written(JsonElement function) =>
        !function.Has("arguments", out var arguments) ? null : arguments.ValueKind == JsonValueKind.String ? arguments.ToText() : arguments.GetRawText();
}
