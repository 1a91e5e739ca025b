using Gateway.Log;

namespace Gateway.Engine;

/// <summary>Rebuilds a session's state by folding its log.</summary>
internal static class LogFold
{
    private static readonly ReadLimit Page = new(1000, 1024 * 1024);

    /// <summary>Folds the whole log.</summary>
    /// <exception cref="StorageException">The store does not work.</exception>
    /// <exception cref="DamagedLogException">The log cannot be folded.</exception>
    public static async Task<SessionState> LoadAsync(ISessionLog log, SessionHeader header, NodeKinds kinds, CancellationToken cancellationToken)
    {
        var state = Begin(header, kinds);
        await FoldAsync(log, state, cancellationToken);
        return state;
    }

    /// <summary>Folds the log up to a seq.</summary>
    /// <remarks>Of a run of chunks that goes beyond it nothing is folded: that changes no node's status.</remarks>
    /// <exception cref="StorageException">The store does not work.</exception>
    /// <exception cref="DamagedLogException">The log cannot be folded so far.</exception>
    public static async Task<SessionState> LoadUntilAsync(ISessionLog log, SessionHeader header, NodeKinds kinds, long seq, CancellationToken cancellationToken)
    {
        var state = Begin(header, kinds);
        while (true)
        {
            var page = await log.ReadAsync(header.SessionId, state.LastSeq, Page, cancellationToken);
            foreach (var logged in page.TakeWhile(logged => logged.Seq <= seq)) state.Apply(logged.Event);
            if (page.Count == 0 || page[^1].Seq >= seq) return state;
        }
    }

    /// <summary>Folds as much of the log as can be folded.</summary>
    /// <returns>The state, null when not even the header can be read; and what is damaged, null when nothing is.</returns>
    /// <exception cref="StorageException">The store does not work.</exception>
    public static async Task<(SessionState? State, DamagedLogException? Damage)> TryLoadAsync(ISessionLog log, SessionEntry entry, NodeKinds kinds, CancellationToken cancellationToken)
    {
        SessionState? state = null;
        try
        {
            state = Begin(entry.Header, kinds);
            await FoldAsync(log, state, cancellationToken);
            return (state, null);
        }
        catch (DamagedLogException damage)
        {
            return (state, damage);
        }
    }

    private static async Task FoldAsync(ISessionLog log, SessionState state, CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = await log.ReadAsync(state.Header.SessionId, state.LastSeq, Page, cancellationToken);
            if (page.Count == 0) return;
            foreach (var logged in page) state.Apply(logged.Event);
        }
    }

    private static SessionState Begin(SessionHeader header, NodeKinds kinds)
    {
        try
        {
            return new SessionState(header, kinds);
        }
        catch (ArgumentException exception)
        {
            throw new DamagedLogException($"The workflow of session '{header.SessionId}' cannot be read: {exception.Message}", exception);
        }
    }
}
