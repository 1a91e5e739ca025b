using Gateway.Contracts;

namespace Gateway.Log;

/// <summary>Where a session stands after an append.</summary>
/// <param name="Status">One of <see cref="SessionStatus"/>.</param>
/// <param name="WakeAt">When it goes on by itself although it waits for somebody, UTC; null: only when somebody asks something of it.</param>
/// <param name="Prompts">What the append changes about its prompts; null: nothing. When the session has ended, none of them waits any more, said or not.</param>
public readonly record struct SessionStanding(string Status, DateTime? WakeAt = null, IReadOnlyList<PromptChange>? Prompts = null)
{
    /// <summary>A status; nothing wakes the session, and its prompts are as before.</summary>
    public static implicit operator SessionStanding(string status) => new(status);
}
