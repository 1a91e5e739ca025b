namespace Gateway.Log;

/// <summary>Which sessions to list.</summary>
/// <param name="Status">Only those with this status; null: all.</param>
/// <param name="Cursor">Where the page before ended; null: from the newest. Opaque to callers.</param>
/// <param name="Limit">At most this many sessions.</param>
public sealed record SessionQuery(string? Status, string? Cursor, int Limit);
