namespace Gateway.Models.Scripted;

/// <summary>English; its sentences fit a topic that is a question, a claim or a plan alike.</summary>
internal static class EnglishPhrases
{
    public static readonly ScriptedLanguage Language = Create();

    private static ScriptedLanguage Create()
    {
        var (phrases, remarks) = PhraseFile.Read("English");
        return new()
        {
            NoTopic = "the matter before us",
            Quoted = topic => $"“{topic}”",
            Space = " ",
            Measure = text => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length,
            Shortest = 124,
            Spread = 28,
            LongestQuote = 130,
            Remarks = remarks,
            Phrases = phrases,
        };
    }
}
