using System.Text.Json;
using Gateway.Contracts;
using Gateway.Refusals;
using Gateway.Workflows;

namespace Gateway.Engine;

/// <summary>Reads what a user says as the answer to a prompt.</summary>
/// <remarks>A client that knows only the words of a prompt answers it, too: with an action's name, <c>edit: and words</c>, or JSON as text.</remarks>
internal static class PromptReply
{
    /// <summary>The answer; it names one of the prompt's actions and fits its schema.</summary>
    /// <exception cref="GatewayException"><c>invalid_data</c>: it is none; <c>not_assigned</c>: it is not for this user to answer.</exception>
    public static UserAnswer Read(Prompt prompt, UserInput says, string? by)
    {
        if (by is not null && prompt.Assignees is { } assignees && !assignees.Contains(by))
        {
            throw new GatewayException(ErrorCode.NotAssigned, $"Prompt '{prompt.PromptId}' is for {Listed(assignees)} to answer, not for '{by}'.");
        }

        var (action, words) = Choose(prompt, says);
        var data = Data(prompt, action, says.Data, words);
        Require(prompt, action, data, words);
        if (data is { } value && prompt.Schema is { } schema && OutputSchema.Read(schema).Schema?.Refuse(value) is { } reasons)
        {
            throw Refuse($"The answer to prompt '{prompt.PromptId}' does not fit its schema: {reasons}.");
        }

        var text = !string.IsNullOrWhiteSpace(words) ? words : data?.GetRawText() ?? action?.Id ?? throw Refuse("'content' is missing or blank: say what the user says.");
        return new UserAnswer(text) { Action = action?.Id, Data = data, By = by };
    }

    private static (PromptAction? Action, string? Words) Choose(Prompt prompt, UserInput says)
    {
        var actions = prompt.Actions ?? [];
        if (says.Action is { } named)
        {
            if (actions.FirstOrDefault(action => action.Id == named) is { } chosen) return (chosen, says.Content);
            throw Refuse(actions.Count == 0
                ? $"Prompt '{prompt.PromptId}' has no actions: leave 'action' out, and answer in words."
                : $"Prompt '{prompt.PromptId}' has no action '{named}'; its actions are {Ids(actions)}.");
        }

        if (actions.Count == 0) return (null, says.Content);

        // Who knows only the words of the prompt names the action in them.
        var words = says.Content?.Trim() ?? string.Empty;
        foreach (var action in actions)
        {
            foreach (var name in (string[])[action.Id, action.Label ?? action.Id])
            {
                if (words.Equals(name, StringComparison.OrdinalIgnoreCase)) return (action, null);
                if (words.Length > name.Length && words[name.Length] == ':' && words.StartsWith(name, StringComparison.OrdinalIgnoreCase)) return (action, words[(name.Length + 1)..].Trim());
            }
        }

        throw Refuse($"Prompt '{prompt.PromptId}' is answered with one of {Ids(actions)}: give it as 'action', or say it, such as '{actions[0].Id}' or '{actions[^1].Id}: and a word about it'.");
    }

    private static JsonElement? Data(Prompt prompt, PromptAction? action, JsonElement? given, string? words)
    {
        if (given is { ValueKind: not JsonValueKind.Undefined } || prompt.Schema is null || string.IsNullOrWhiteSpace(words)) return given;
        if (JsonLimits.TryParse(words) is { } data) return data;

        // Beside an action that needs no data, words are a remark on it.
        return action is null or { NeedsInput: true } ? throw Refuse($"Prompt '{prompt.PromptId}' asks for JSON that fits its schema, and the answer is none: give it as 'data', or as text.") : null;
    }

    private static void Require(Prompt prompt, PromptAction? action, JsonElement? data, string? words)
    {
        if (action is { NeedsInput: not true } || data is not null) return;
        if (prompt.Schema is not null) throw Refuse($"The answer to prompt '{prompt.PromptId}' lacks 'data' that fits its schema.");
        if (string.IsNullOrWhiteSpace(words)) throw Refuse(action is null ? "'content' is missing or blank: say what the user says." : $"The action '{action.Id}' of prompt '{prompt.PromptId}' needs words: give them as 'content'.");
    }

    private static string Ids(IEnumerable<PromptAction> actions) => Listed(actions.Select(action => action.Id));

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));

    private static GatewayException Refuse(string sentence) => new(ErrorCode.InvalidData, sentence);
}
