namespace Gateway.Models.Scripted;

/// <summary>What another agent said.</summary>
/// <param name="Author">Its name.</param>
/// <param name="Text">Its text.</param>
internal sealed record ScriptedVoice(string Author, string Text)
{
    private static readonly char[] Ends = ['.', '!', '?', '。', '！', '？', '\n'];

    /// <summary>A telling sentence of the text: neither a scrap nor one that quotes somebody else.</summary>
    public string Quotable(int longest)
    {
        var sentences = Text.Split(Ends, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var fit = sentences.Where(s => s.Length <= longest).ToArray();
        var own = fit.Where(s => s.IndexOfAny(['“', '”', '「', '」', '"']) < 0).ToArray();
        // The longest says most; the first of equals, so that the same text is quoted the same way.
        return own.MaxBy(s => s.Length) ?? fit.MaxBy(s => s.Length) ?? "";
    }
}
