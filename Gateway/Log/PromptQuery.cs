namespace Gateway.Log;

/// <summary>Which of the prompts that wait to list.</summary>
/// <param name="After">Only those with a higher <see cref="LoggedPrompt.Number"/>; 0: from the one that waits longest.</param>
/// <param name="Limit">How many at most.</param>
public sealed record PromptQuery(long After, ReadLimit Limit)
{
    /// <summary>Only those with no higher <see cref="LoggedPrompt.Number"/>: those that waited at that change, and still do.</summary>
    public long UpTo { get; init; } = long.MaxValue;

    /// <summary>Only those that this person may answer: those for them, and those for anybody; null: all.</summary>
    public string? Assignee { get; init; }

    /// <summary>Only those of sessions of this workflow; null: of all.</summary>
    public string? WorkflowId { get; init; }

    /// <summary>Only those that have waited since this time, UTC, or longer; null: however long.</summary>
    public DateTime? Since { get; init; }
}
