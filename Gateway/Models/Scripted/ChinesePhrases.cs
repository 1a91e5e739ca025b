namespace Gateway.Models.Scripted;

/// <summary>Chinese; the same five stances as in English, with sentences of their own.</summary>
internal static class ChinesePhrases
{
    public static readonly ScriptedLanguage Language = Create();

    private static ScriptedLanguage Create()
    {
        var (phrases, remarks) = PhraseFile.Read("Chinese");
        return new()
        {
            NoTopic = "眼前的议题",
            Quoted = topic => $"「{topic}」",
            Space = "",
            Measure = text => text.Length,
            Shortest = 210,
            Spread = 50,
            LongestQuote = 60,
            Remarks = remarks,
            Phrases = phrases,
        };
    }
}
