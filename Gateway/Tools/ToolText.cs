namespace Gateway.Tools;

/// <summary>The texts of tools, of which only so much is kept.</summary>
internal static class ToolText
{
    /// <summary>The text as it can be logged: halves of characters become U+FFFD, and what is beyond the limit is cut off.</summary>
    /// <returns>The text, and its whole length when it was cut.</returns>
    public static (string Text, long? Length) Keep(string text, int most)
    {
        if (text.Length <= most) return (Whole(text), null);
        var end = char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;
        return (Whole(text[..end]), text.Length);
    }

    /// <summary>A note of it: its beginning on one line.</summary>
    public static string Note(string text, int most)
    {
        var line = text.AsSpan(0, Math.Min(text.Length, most));
        if (line.Length < text.Length && line.Length > 0 && char.IsHighSurrogate(line[^1])) line = line[..^1];
        var note = string.Create(line.Length, line, static (to, from) =>
        {
            for (var i = 0; i < from.Length; i++) to[i] = char.IsControl(from[i]) ? ' ' : from[i];
        });
        return line.Length < text.Length ? note + "..." : note;
    }

    private static string Whole(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (!char.IsSurrogate(text[at])) continue;
            if (char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1])) at++;
            else return string.Concat(text.EnumerateRunes());
        }

        return text;
    }
}
