namespace Gateway.Contracts;

/// <summary>A page of the prompts that wait for a person, those that wait longest first.</summary>
public sealed record PromptPage
{
    /// <summary>The prompts.</summary>
    public required IReadOnlyList<InboxPrompt> Prompts { get; init; }

    /// <summary>Pass as <c>cursor</c> to read the next page; absent on the last.</summary>
    public string? NextCursor { get; init; }

    /// <summary>Pass that of the first page as <c>after</c> to watch what has changed since.</summary>
    public required string Position { get; init; }
}
