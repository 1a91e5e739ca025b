namespace Gateway.Log;

/// <summary>What those who follow the log could not pass on, and which of them stand still. Kept beside their cursors; a letter is gone with its session.</summary>
/// <remarks>A follower is one that <see cref="ILogCursors.FollowAsync"/> has made known. Every method may throw <see cref="StorageException"/>.</remarks>
public interface ILogDeadLetters
{
    /// <summary>Notes what a follower has given up and moves its cursor behind it, both or neither. One that is there already takes the new words.</summary>
    /// <param name="follower">A known follower.</param>
    /// <param name="letter">The letter; its number does not matter. Nothing is noted of a session that is gone.</param>
    /// <param name="keep">At most so many of the follower are kept; the oldest go.</param>
    /// <param name="cancellationToken">Gives up waiting; it may be noted all the same.</param>
    Task AddDeadLetterAsync(string follower, DeadLetter letter, int keep, CancellationToken cancellationToken);

    /// <summary>The letters of a follower, the oldest first.</summary>
    /// <param name="follower">The follower.</param>
    /// <param name="after">The <see cref="DeadLetter.Number"/> to go on after; 0: from the first.</param>
    /// <param name="limit">At most this many.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(string follower, long after, int limit, CancellationToken cancellationToken);

    /// <summary>Finds a letter by its id; null when there is none.</summary>
    Task<DeadLetter?> FindDeadLetterAsync(string follower, string id, CancellationToken cancellationToken);

    /// <summary>How many letters of a follower there are.</summary>
    Task<int> CountDeadLettersAsync(string follower, CancellationToken cancellationToken);

    /// <summary>Removes a letter that was passed on, or is not wanted.</summary>
    /// <returns>False when there is none.</returns>
    Task<bool> RemoveDeadLetterAsync(string follower, string id, CancellationToken cancellationToken);

    /// <summary>Why a follower stands still, in its own words; null when it does not, or is not known.</summary>
    Task<string?> FindHaltAsync(string follower, CancellationToken cancellationToken);

    /// <summary>Notes that a known follower stands still until further notice, or with null that it goes on.</summary>
    Task HaltAsync(string follower, string? reason, CancellationToken cancellationToken);
}
