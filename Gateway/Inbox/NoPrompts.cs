using Gateway.Log;

namespace Gateway.Inbox;

/// <summary>Stands in for the index of a log of the host's own that keeps none.</summary>
internal sealed class NoPrompts(ISessionLog log) : ILogPrompts
{
    /// <inheritdoc/>
    public event Action? PromptsChanged
    {
        add { }
        remove { }
    }

    /// <inheritdoc/>
    public Task<LoggedPrompts> ListPromptsAsync(PromptQuery query, CancellationToken cancellationToken) => Task.FromException<LoggedPrompts>(Refuse());

    /// <inheritdoc/>
    public Task<LoggedPrompts> ReadPromptChangesAsync(long after, long closedAfter, ReadLimit limit, CancellationToken cancellationToken) => Task.FromException<LoggedPrompts>(Refuse());

    private StorageException Refuse() => new($"The session log of this host, {log.GetType().Name}, keeps no index of prompts: it has to be an {nameof(ILogPrompts)}, too.")
    {
        IsLasting = true,
        ForClients = "This gateway's store keeps no list of what waits for a person; ask each session instead.",
    };
}
