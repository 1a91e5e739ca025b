using System.Globalization;
using System.Text.Json;
using Gateway.Contracts;
using Microsoft.Extensions.AI;

namespace Gateway.Client.Chat;

/// <summary>A prompt that waits, as a request for approval; its id is all that an answer needs, in any process.</summary>
/// <param name="SessionId">The session that asks.</param>
/// <param name="Seq">The event at which it stood still for the answer.</param>
/// <param name="PromptId">The prompt.</param>
internal readonly record struct ChatQuestion(string SessionId, long Seq, string PromptId)
{
    /// <summary>The name of an additional property of an answer: the id of the prompt's action that is chosen.</summary>
    public const string Action = "action";

    /// <summary>The name of an additional property of an answer: JSON that fits the prompt's schema.</summary>
    public const string Data = "data";

    /// <summary>Reads the id of a request; null when it is none of a gateway's.</summary>
    public static ChatQuestion? Parse(string requestId)
    {
        // A session's id has neither dot nor colon; a prompt's may have anything.
        var colon = requestId.IndexOf(':', StringComparison.Ordinal);
        var dot = colon < 0 ? -1 : requestId.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && dot < colon && long.TryParse(requestId.AsSpan((dot + 1)..colon), NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
            ? new ChatQuestion(requestId[..dot], seq, requestId[(colon + 1)..])
            : null;
    }

    /// <summary>The request. The call in it is informational: it is the gateway's, and nobody else makes it.</summary>
    public ToolApprovalRequestContent ToContent(Prompt prompt, string? nodeId)
    {
        var call = prompt.Tool is { } tool
            ? new FunctionCallContent(tool.CallId, tool.Name, Arguments(tool.Arguments ?? prompt.Data))
            : new FunctionCallContent(prompt.PromptId, prompt.Kind ?? nodeId ?? "review", Members(prompt));
        call.InformationalOnly = true;
        return new ToolApprovalRequestContent(string.Create(CultureInfo.InvariantCulture, $"{SessionId}.{Seq}:{PromptId}"), call) { RawRepresentation = prompt };
    }

    /// <summary>What the session is told.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="prompt">The prompt; null when it waits no more, and then the gateway says why.</param>
    public UserInput ToInput(ToolApprovalResponseContent answer, Prompt? prompt)
    {
        var action = Property(answer, Action)?.ToString() ?? Choose(answer.Approved, prompt);
        var data = Property(answer, Data) is { } given ? given as JsonElement? ?? JsonSerializer.SerializeToElement(given, AIJsonUtilities.DefaultOptions.GetTypeInfo(given.GetType())) : (JsonElement?)null;
        var content = string.IsNullOrWhiteSpace(answer.Reason) ? null : answer.Reason;
        if (action is null && data is null) content ??= answer.Approved ? PromptAction.Approve : PromptAction.Reject;
        return new UserInput { SessionId = SessionId, PromptId = PromptId, Action = action, Data = data, Content = content };
    }

    private static string? Choose(bool approved, Prompt? prompt)
    {
        string[] names = approved ? [PromptAction.Approve, PromptAction.Raise] : [PromptAction.Reject, PromptAction.Stop];
        return names.FirstOrDefault(name => prompt?.Actions?.Any(action => action.Id == name) == true);
    }

    private static object? Property(AIContent content, string name) => content.AdditionalProperties?.TryGetValue(name, out var value) == true ? value : null;

    /// <summary>The arguments of a call, by name.</summary>
    public static Dictionary<string, object?>? Arguments(JsonElement? arguments) => arguments switch
    {
        { ValueKind: JsonValueKind.Object } members => members.EnumerateObject().ToDictionary(member => member.Name, object? (member) => member.Value, StringComparer.Ordinal),
        { ValueKind: JsonValueKind.String } text => new(StringComparer.Ordinal) { ["arguments"] = text },
        _ => null,
    };

    private static Dictionary<string, object?> Members(Prompt prompt)
    {
        var members = new Dictionary<string, object?>(StringComparer.Ordinal) { ["text"] = prompt.Text };
        if (prompt.Actions is { Count: > 0 } actions) members["actions"] = actions.Select(action => action.Id).ToArray();
        if (prompt.Data is { } data) members["data"] = data;
        if (prompt.Schema is { } schema) members["schema"] = schema;
        return members;
    }
}
