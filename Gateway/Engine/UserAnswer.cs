using System.Text.Json;
using Gateway.Contracts;

namespace Gateway.Engine;

/// <summary>An answer to a prompt, as it was understood: it names one of the prompt's actions, and fits its schema.</summary>
/// <param name="Text">What was said; of an answer without words its data, or the action's id.</param>
public sealed record UserAnswer(string Text)
{
    /// <summary>The id of the action that was chosen; null where the prompt has none.</summary>
    public string? Action { get; init; }

    /// <summary>What was answered as JSON; null when that is nothing.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>The name of who answered; null when the gateway does not know it.</summary>
    public string? By { get; init; }

    /// <summary>What the log keeps beside the words; null when that is nothing.</summary>
    internal PromptAnswer? Log => Action is null && Data is null && By is null ? null : new PromptAnswer { Action = Action, Data = Data, By = By };

    /// <summary>The answer that the log holds.</summary>
    internal static UserAnswer Of(string text, PromptAnswer? answer) => new(text) { Action = answer?.Action, Data = answer?.Data, By = answer?.By };
}
