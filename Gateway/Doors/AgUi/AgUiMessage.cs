using System.Text;
using System.Text.Json.Nodes;

namespace Gateway.Doors.AgUi;

/// <summary>A message of the conversation as AG-UI has it: what a node has said in one go, what it has reasoned, what a tool returned, what a user said.</summary>
internal sealed class AgUiMessage(string id, string role)
{
    /// <summary>Its name, which is the same whenever it is told.</summary>
    public string Id => id;

    /// <summary><c>assistant</c>, <c>reasoning</c>, <c>tool</c> or <c>user</c>.</summary>
    public string Role => role;

    /// <summary>Who speaks; null where nobody is named.</summary>
    public string? Name { get; init; }

    /// <summary>The sub-agent whose it is; null: the run's.</summary>
    public string? Subagent { get; init; }

    /// <summary>Of a result, the call that it is the result of.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>The node and the try in which it was said; a later try voids it.</summary>
    public (string NodeId, int Iteration, int Attempt) Said { get; init; }

    /// <summary>What it says.</summary>
    public StringBuilder Text { get; } = new();

    /// <summary>The calls of tools that it makes.</summary>
    public List<(string Id, string Name, string Arguments)> Calls { get; } = [];

    /// <summary>As it stands in a snapshot of all messages.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["id"] = id, ["role"] = role };
        if (Name is not null) json["name"] = Name;
        if (Subagent is not null) json["subagentRunId"] = Subagent;
        if (role != "assistant" || Text.Length > 0) json["content"] = Text.ToString();
        if (ToolCallId is not null) json["toolCallId"] = ToolCallId;
        if (Calls.Count > 0)
        {
            json["toolCalls"] = new JsonArray([.. Calls.Select(call => new JsonObject
            {
                ["id"] = call.Id,
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = call.Arguments },
            })]);
        }

        return json;
    }
}
