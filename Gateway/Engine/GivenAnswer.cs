using Gateway.Contracts;

namespace Gateway.Engine;

/// <summary>An answer that a user gave to a prompt.</summary>
/// <param name="NodeId">Whose prompt it answers; null: the session's own.</param>
/// <param name="Content">What the user said.</param>
/// <param name="Action">The id of the action that was chosen; null where the prompt had none.</param>
/// <param name="At">When it came, UTC; of an answer that was held, when it was held.</param>
internal sealed record GivenAnswer(string? NodeId, string Content, string? Action, DateTime At)
{
    /// <summary>Whether a user says the same once more.</summary>
    public bool IsSaidAgainBy(UserInput says)
    {
        var said = says.Content ?? says.Data?.GetRawText() ?? says.Action ?? string.Empty;
        if (Action is null) return said == Content;

        // The action is chosen by name, or in words.
        said = said.Trim();
        if (says.Action is not null) return says.Action == Action && said == Content;
        return said.Equals(Content, StringComparison.OrdinalIgnoreCase)
            || (said.StartsWith($"{Action}:", StringComparison.OrdinalIgnoreCase) && said[(Action.Length + 1)..].Trim() == Content);
    }
}
