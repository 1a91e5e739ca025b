using Gateway.Log;

namespace Gateway.Engine;

/// <summary>Rebuilds a session's state by folding its log.</summary>
internal static class LogFold
{
    private const int PageSize = 1000;

    /// <summary>Folds the whole log.</summary>
    /// <exception cref="StorageException">The store does not work.</exception>
    /// <exception cref="DamagedLogException">The log cannot be folded.</exception>
    public static async Task<SessionState> LoadAsync(ISessionLog log, SessionHeader header, CancellationToken cancellationToken)
    {
        var state = Begin(header);
        while (true)
        {
            var page = await log.ReadAsync(header.SessionId, state.LastSeq, PageSize, cancellationToken);
            if (page.Count == 0) return state;
            foreach (var logged in page) state.Apply(logged.Event);
        }
    }

    private static SessionState Begin(SessionHeader header)
    {
        try
        {
            return new SessionState(header);
        }
        catch (ArgumentException exception)
        {
            throw new DamagedLogException($"The workflow of session '{header.SessionId}' cannot be read: {exception.Message}", exception);
        }
    }
}
