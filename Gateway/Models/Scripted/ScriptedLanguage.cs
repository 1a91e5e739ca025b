namespace Gateway.Models.Scripted;

/// <summary>A language the scripted model writes in.</summary>
internal sealed record ScriptedLanguage
{
    /// <summary>The sentences of each stance.</summary>
    public required IReadOnlyDictionary<Stance, ScriptedPhrases> Phrases { get; init; }

    /// <summary>How a text takes up what a user said; slot {remark}.</summary>
    public required string[] Remarks { get; init; }

    /// <summary>Stands for the topic when none was given.</summary>
    public required string NoTopic { get; init; }

    /// <summary>Puts quotation marks around a topic.</summary>
    public required Func<string, string> Quoted { get; init; }

    /// <summary>Between two sentences.</summary>
    public required string Space { get; init; }

    /// <summary>How long a text is: words, or letters where there are no spaces.</summary>
    public required Func<string, int> Measure { get; init; }

    /// <summary>The shortest text, by <see cref="Measure"/>.</summary>
    public required int Shortest { get; init; }

    /// <summary>How much longer one may be than another.</summary>
    public required int Spread { get; init; }

    /// <summary>The most letters that are quoted of another agent.</summary>
    public required int LongestQuote { get; init; }
}
