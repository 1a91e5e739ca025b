using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Contracts;

namespace Gateway.Doors.AgUi;

/// <summary>Prompts as the interrupts of AG-UI.</summary>
internal static class AgUiInterrupts
{
    private const string Review = "review";

    /// <summary>The name of an interrupt, which tells it from those of every other session.</summary>
    public static string Id(string sessionId, string promptId) => $"{sessionId}/{promptId}";

    /// <summary>The prompt that an interrupt's name means; null when it is of another session.</summary>
    public static string? PromptId(string sessionId, string interruptId) =>
        interruptId.StartsWith(sessionId + "/", StringComparison.Ordinal) ? interruptId[(sessionId.Length + 1)..] : null;

    /// <summary>What a run that waits for a person says of a prompt.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="lane">The node that asks; null when the session itself does.</param>
    /// <param name="prompt">What is asked.</param>
    public static JsonObject Of(string sessionId, AgUiLane? lane, Prompt prompt)
    {
        var interrupt = new JsonObject
        {
            ["id"] = Id(sessionId, prompt.PromptId),
            ["reason"] = prompt.Kind ?? Review,
            ["message"] = prompt.Text,
            ["responseSchema"] = ResponseSchema(prompt),
            ["metadata"] = new JsonObject { ["gateway"] = new JsonObject { ["session_id"] = sessionId, ["prompt"] = Json(prompt) } },
        };
        if (lane is not null) interrupt["metadata"]!["gateway"]!["node_id"] = lane.NodeId;
        if (lane?.SubagentRunId is { } subagent) interrupt["subagentRunId"] = subagent;
        if (prompt.Tool is { } call) interrupt["toolCallId"] = AgUiProjection.ToolCallId(sessionId, call.CallId);
        if (prompt.ExpiresAt is { } expires) interrupt["expiresAt"] = expires.ToUniversalTime().ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        return interrupt;
    }

    /// <summary>A prompt as its event has it.</summary>
    public static JsonNode Json(Prompt prompt) => JsonSerializer.SerializeToNode(prompt, ContractsJson.Wire.Prompt)!;

    // What the payload of an answer may be; see AgUiAnswers, which reads it.
    private static JsonObject ResponseSchema(Prompt prompt)
    {
        var data = prompt.Schema is { ValueKind: JsonValueKind.Object } schema ? JsonNode.Parse(schema.GetRawText())!.AsObject() : null;
        if (prompt.Actions is not { Count: > 0 } actions) return data ?? new JsonObject { ["type"] = "string" };
        var members = new JsonObject
        {
            ["action"] = new JsonObject { ["enum"] = new JsonArray([.. actions.Select(action => (JsonNode)action.Id)]) },
            ["content"] = new JsonObject { ["type"] = "string" },
        };
        if (data is not null || actions.Any(action => action.Id == PromptAction.Edit)) members["data"] = data ?? [];
        return new JsonObject { ["type"] = "object", ["properties"] = members, ["required"] = new JsonArray("action") };
    }
}
