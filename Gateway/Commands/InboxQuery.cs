namespace Gateway.Commands;

/// <summary>Which of the prompts that wait to list.</summary>
/// <param name="Cursor">Where the page before ended; null: from the one that waits longest.</param>
/// <param name="Limit">At most so many.</param>
internal sealed record InboxQuery(string? Cursor, int Limit)
{
    /// <summary>Only those that this person may answer; null: all.</summary>
    public string? Assignee { get; init; }

    /// <summary>Only those of this workflow; null: of all.</summary>
    public string? WorkflowId { get; init; }

    /// <summary>Only those that have waited at least so long; null: however long.</summary>
    public TimeSpan? OlderThan { get; init; }
}
