using System.Text.Json;
using Gateway.Contracts;
using Gateway.Refusals;

namespace Gateway.Doors.AgUi;

/// <summary>The answers of a client to interrupts, as the commands that they are.</summary>
internal static class AgUiAnswers
{
    /// <summary>What the session is told, answer by answer; an answer that withdraws from a prompt that waits no more is told nothing.</summary>
    /// <param name="sessionId">The session that asks.</param>
    /// <param name="open">The prompts that wait.</param>
    /// <param name="resume">The answers.</param>
    /// <exception cref="GatewayException"><c>unknown_prompt</c>, <c>prompt_answered</c>, <c>invalid_data</c>; then none is told.</exception>
    public static IReadOnlyList<UserInput> Read(string sessionId, IReadOnlyList<Prompt> open, IReadOnlyList<AgUiResume> resume)
    {
        var answers = new List<UserInput>();
        foreach (var entry in resume)
        {
            if (AgUiInterrupts.PromptId(sessionId, entry.InterruptId) is not { } promptId) throw new GatewayException(ErrorCode.UnknownPrompt, $"Interrupt '{entry.InterruptId}' is none of this thread's session '{sessionId}'.");
            if (answers.Any(answer => answer.PromptId == promptId)) throw new GatewayException(ErrorCode.InvalidData, $"Interrupt '{entry.InterruptId}' is answered twice in 'resume'; answer it once.");
            var prompt = open.FirstOrDefault(prompt => prompt.PromptId == promptId);
            if (prompt is null && entry.IsCancelled) continue;

            // Of one that waits no more the session itself knows why, and says so.
            answers.Add(prompt is null ? new UserInput { PromptId = promptId, Content = "resolved" } : entry.IsCancelled ? Withdraw(prompt, entry) : Answer(prompt, entry));
        }

        return answers;
    }

    private static UserInput Withdraw(Prompt prompt, AgUiResume entry)
    {
        if (prompt.Actions?.FirstOrDefault(action => action.Id == PromptAction.Reject) is { NeedsInput: not true } reject) return new UserInput { PromptId = prompt.PromptId, Action = reject.Id };
        throw new GatewayException(ErrorCode.InvalidData, $"Interrupt '{entry.InterruptId}' cannot be cancelled, as its prompt has no action '{PromptAction.Reject}' that needs no words: answer it, or cancel the session.");
    }

    private static UserInput Answer(Prompt prompt, AgUiResume entry)
    {
        var hasActions = prompt.Actions is { Count: > 0 };
        var answer = new UserInput { PromptId = prompt.PromptId };
        switch (entry.Payload)
        {
            case { ValueKind: JsonValueKind.String } words:
                return answer with { Content = words.GetString() };
            case { ValueKind: JsonValueKind.True or JsonValueKind.False } yes when hasActions:
                return answer with { Action = yes.GetBoolean() ? PromptAction.Approve : PromptAction.Reject };
            case { ValueKind: JsonValueKind.Object } said when hasActions:
                if (said.TryGetProperty("approved", out var approved) && approved.ValueKind is JsonValueKind.True or JsonValueKind.False) answer = answer with { Action = approved.GetBoolean() ? PromptAction.Approve : PromptAction.Reject };
                return answer with { Action = Text(said, "action") ?? answer.Action, Content = Text(said, "content"), Data = said.TryGetProperty("data", out var data) ? data : null };
            case { } value when !hasActions:
                return answer with { Data = value };
            default:
                throw new GatewayException(ErrorCode.InvalidData, $"The answer to interrupt '{entry.InterruptId}' has no payload that fits its 'responseSchema'.");
        }
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
