namespace Gateway.Log;

/// <summary>Which prompts wait for a person, over all sessions: an index of the logs, changed by the same append that changes them.</summary>
/// <remarks>
/// <para>An append says in its <see cref="SessionStanding"/> what it changes. When a session ends, or is deleted, none of its prompts waits any more.</para>
/// <para>Of each prompt the last change is kept, while it waits and for <see cref="LoggedPrompts.Remembered"/> changes afterwards. So who knows the
/// prompts up to some change is told by the later ones what they are now.</para>
/// </remarks>
public interface ILogPrompts
{
    /// <summary>Raised when a change has been committed, from any thread; a handler returns at once.</summary>
    event Action? PromptsChanged;

    /// <summary>Lists prompts that wait, those that wait longest first.</summary>
    /// <exception cref="StorageException">The store does not work.</exception>
    Task<LoggedPrompts> ListPromptsAsync(PromptQuery query, CancellationToken cancellationToken);

    /// <summary>Reads the prompts that have changed after a change, each as it is now, in the order of their last changes.</summary>
    /// <param name="after">The number of a change; 0: from the first that is remembered.</param>
    /// <param name="closedAfter">Of the prompts that wait no more only those whose last change is after this one, too; 0: all.</param>
    /// <param name="limit">How many at most; fewer, but not none, when there are more.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="StorageException">The store does not work.</exception>
    Task<LoggedPrompts> ReadPromptChangesAsync(long after, long closedAfter, ReadLimit limit, CancellationToken cancellationToken);
}
