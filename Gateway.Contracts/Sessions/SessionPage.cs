namespace Gateway.Contracts;

/// <summary>A page of the list of sessions, newest first.</summary>
public sealed record SessionPage
{
    /// <summary>The sessions.</summary>
    public required IReadOnlyList<SessionSummary> Sessions { get; init; }

    /// <summary>Pass as <c>cursor</c> to read the next page; absent on the last.</summary>
    public string? NextCursor { get; init; }
}
