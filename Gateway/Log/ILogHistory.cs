namespace Gateway.Log;

/// <summary>Keeps the history of finished sessions small: deletes and compacts them.</summary>
/// <remarks>Every method works in small steps, so that appends are not delayed, and may throw <see cref="StorageException"/>.</remarks>
public interface ILogHistory
{
    /// <summary>Deletes finished sessions that are too old or too many, the longest finished first.</summary>
    /// <param name="olderThan">Sessions that ended before this time, UTC, are deleted; null: age does not matter.</param>
    /// <param name="keepNewest">This many of the sessions that ended last are kept, the others deleted; null: their number does not matter.</param>
    /// <param name="limit">Deletes at most this many for each of the two reasons.</param>
    /// <param name="cancellationToken">Gives up waiting; they may be deleted all the same.</param>
    /// <returns>The ids of the deleted sessions; an empty list when there is nothing left to delete.</returns>
    Task<IReadOnlyList<string>> DeleteFinishedAsync(DateTime? olderThan, int? keepNewest, int limit, CancellationToken cancellationToken);

    /// <summary>Merges neighbouring token chunks of finished sessions that were not compacted yet.</summary>
    /// <param name="limit">Compacts at most this many sessions.</param>
    /// <param name="cancellationToken">Stops between two steps; what is compacted stays so.</param>
    /// <returns>How many sessions were compacted; 0 when there is nothing left to compact.</returns>
    Task<int> CompactAsync(int limit, CancellationToken cancellationToken);
}
