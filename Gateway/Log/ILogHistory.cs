namespace Gateway.Log;

/// <summary>Keeps the history of finished sessions small: deletes and compacts them.</summary>
/// <remarks>Every method works in small steps, so that appends are not delayed, and may throw <see cref="StorageException"/>.</remarks>
public interface ILogHistory
{
    /// <summary>Deletes finished sessions that are too old or too many, the longest finished first.</summary>
    /// <param name="olderThan">Those that ended before this time, UTC; null: none for their age.</param>
    /// <param name="keepNewest">Those beyond the so many that ended last; null: none for their number.</param>
    /// <param name="limit">At most so many for either reason.</param>
    /// <param name="cancellationToken">Gives up waiting; they may be deleted all the same.</param>
    /// <returns>Those that were deleted; none when there is nothing left to delete.</returns>
    Task<IReadOnlyList<string>> DeleteFinishedAsync(DateTime? olderThan, int? keepNewest, int limit, CancellationToken cancellationToken);

    /// <summary>Merges neighbouring token chunks of finished sessions that were not compacted yet.</summary>
    /// <param name="limit">At most so many sessions.</param>
    /// <param name="cancellationToken">Stops between two steps; what is compacted stays so.</param>
    /// <returns>How many sessions were compacted; 0 when there is nothing left to compact.</returns>
    Task<int> CompactAsync(int limit, CancellationToken cancellationToken);
}
