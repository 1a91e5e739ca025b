namespace Gateway.Log;

/// <summary>How far those who follow the log have come: for each follower a seq in each session. Kept beside the log, and gone with the session.</summary>
/// <remarks>A follower is known by its name, which has to stay the same from start to start. Every method may throw <see cref="StorageException"/>.</remarks>
public interface ILogCursors
{
    /// <summary>Makes a follower known; it begins at the end of every session that is there already. One that is known stays where it is.</summary>
    Task FollowAsync(string follower, CancellationToken cancellationToken);

    /// <summary>The sessions that have events after the follower's cursor, the oldest first.</summary>
    /// <param name="follower">A known follower; an unknown one is behind nowhere.</param>
    /// <param name="after">The <see cref="BehindSession.Number"/> to go on after; 0: from the first.</param>
    /// <param name="limit">At most this many.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<IReadOnlyList<BehindSession>> ListBehindAsync(string follower, long after, int limit, CancellationToken cancellationToken);

    /// <summary>The last event of a session that a known follower is done with, 0 before the first; null when there is no such session.</summary>
    Task<long?> FindCursorAsync(string follower, string sessionId, CancellationToken cancellationToken);

    /// <summary>Notes that a known follower is done with a session's events up to a seq; a cursor never moves back.</summary>
    Task MoveCursorAsync(string follower, string sessionId, long seq, CancellationToken cancellationToken);
}
