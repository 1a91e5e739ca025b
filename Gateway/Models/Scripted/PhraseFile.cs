namespace Gateway.Models.Scripted;

/// <summary>Reads the sentences of one language from an embedded text file.</summary>
/// <remarks>A line is a sentence; a line such as <c># For Openings</c> says of which stance, and where in a text, the next ones are.</remarks>
internal static class PhraseFile
{
    /// <summary>Reads <c>Phrases/&lt;language&gt;.txt</c>.</summary>
    public static (IReadOnlyDictionary<Stance, ScriptedPhrases> Phrases, string[] Remarks) Read(string language)
    {
        var sections = Sections(language);
        var phrases = Enum.GetValues<Stance>().ToDictionary(stance => stance, stance => new ScriptedPhrases
        {
            Openings = sections[$"{stance} Openings"],
            Points = sections[$"{stance} Points"],
            Closings = sections[$"{stance} Closings"],
            Replies = sections[$"{stance} Replies"],
            Thoughts = sections[$"{stance} Thoughts"],
        });
        return (phrases, sections["Remarks"]);
    }

    private static Dictionary<string, string[]> Sections(string language)
    {
        using var stream = typeof(PhraseFile).Assembly.GetManifestResourceStream($"Gateway.Models.Scripted.Phrases.{language}.txt")
            ?? throw new InvalidOperationException($"The sentences of '{language}' are not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd()
            .Split("# ", StringSplitOptions.RemoveEmptyEntries)
            .Select(section => section.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .ToDictionary(lines => lines[0], lines => lines[1..], StringComparer.Ordinal);
    }
}
