namespace Gateway.Contracts;

/// <summary>A page of the prompts that wait for a person, those that wait longest first.</summary>
/// <remarks>A prompt that was answered during a pause stays until its session goes on: only then is the answer taken.</remarks>
public sealed record PromptPage
{
    /// <summary>The prompts.</summary>
    public required IReadOnlyList<InboxPrompt> Prompts { get; init; }

    /// <summary>Pass as <c>cursor</c> to read the next page; absent on the last.</summary>
    public string? NextCursor { get; init; }

    /// <summary>Pass as <c>after</c> to watch what has changed since the first page was read; the same on all its pages, which show nothing that was opened later.</summary>
    public required string Position { get; init; }
}
