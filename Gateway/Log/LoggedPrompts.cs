namespace Gateway.Log;

/// <summary>Prompts that a store has found, and how far its changes went at that moment.</summary>
/// <param name="Store">Tells this store from every other, and from itself after it has lost what it held.</param>
/// <param name="LastChange">The number of the last change of any prompt; 0 before the first.</param>
/// <param name="Prompts">What was found.</param>
/// <param name="HasMore">Whether there are more behind the last of them.</param>
public sealed record LoggedPrompts(string Store, long LastChange, IReadOnlyList<LoggedPrompt> Prompts, bool HasMore)
{
    /// <summary>For how many further changes a store remembers that a prompt waits no more.</summary>
    public const int Remembered = 10_000;

    /// <summary>Whoever knows the changes up to this one, or to a later one, can be told all that has changed since.</summary>
    public long RememberedFrom => Math.Max(0, LastChange - Remembered);
}
