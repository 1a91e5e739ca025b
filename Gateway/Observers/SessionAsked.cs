using Gateway.Contracts;

namespace Gateway.Observers;

/// <summary>A session has asked something and waits for an answer.</summary>
/// <remarks>It may have been answered meanwhile. After a pause it is asked once more, as another moment with the same <see cref="Contracts.Prompt.PromptId"/>.</remarks>
public sealed record SessionAsked : SessionMoment
{
    /// <summary>What it asks, and the name by which a <c>user_input</c> answers it.</summary>
    public required Prompt Prompt { get; init; }

    /// <summary>The node that asks; null when the session itself does.</summary>
    public string? NodeId { get; init; }
}
