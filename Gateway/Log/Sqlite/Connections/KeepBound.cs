namespace Gateway.Log.Sqlite.Connections;

/// <summary>The finished session that ended last of those that are more than are kept; it and all that ended before it go.</summary>
/// <param name="Keep">How many are kept.</param>
/// <param name="UpdatedAt">When it ended, in ticks.</param>
/// <param name="Number">Its number, which decides among those that ended at one time.</param>
internal sealed record KeepBound(int Keep, long UpdatedAt, long Number);
