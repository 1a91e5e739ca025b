using Gateway.Contracts;

namespace Gateway.Log;

/// <summary>A prompt as the store keeps it.</summary>
/// <param name="Number">The number of the change with which it was opened: its place among those that wait.</param>
/// <param name="Change">The number of its last change; each change of any prompt has a higher one than all before.</param>
/// <param name="At">When it changed last, UTC.</param>
/// <param name="Prompt">The prompt; without its words once it waits no more.</param>
/// <param name="Assignees">Who is to answer it; null: anybody.</param>
public sealed record LoggedPrompt(long Number, long Change, DateTime At, InboxPrompt Prompt, IReadOnlyList<string>? Assignees)
{
    /// <summary>Whether it waits.</summary>
    public bool IsOpen => Prompt.Prompt is not null;
}
