namespace Gateway.Models.Scripted;

/// <summary>The sentences one stance is written from, in one language.</summary>
/// <remarks>Slots: {topic} the topic in quotation marks, {other} who is quoted, {quote} what they said.</remarks>
internal sealed record ScriptedPhrases
{
    /// <summary>How a text begins; names the topic.</summary>
    public required string[] Openings { get; init; }

    /// <summary>What it says; any number, in any order.</summary>
    public required string[] Points { get; init; }

    /// <summary>How it ends.</summary>
    public required string[] Closings { get; init; }

    /// <summary>How it takes up what another agent said.</summary>
    public required string[] Replies { get; init; }

    /// <summary>What it thinks before it speaks.</summary>
    public required string[] Thoughts { get; init; }
}
