namespace Gateway.Models.Scripted;

/// <summary>A line that says who speaks below it: <c># Value Defender</c>, <c>Value Defender:</c>, <c>**Value Defender:**</c>, <c>Value Defender said:</c>.</summary>
/// <remarks>Read by hand, in the time of the line's length: a pattern goes back and forth over lines of blanks, and a request may have thousands of them.</remarks>
internal static class ScriptedHeading
{
    private const int LongestLine = 300;
    private const int LongestName = 59;

    private static readonly string[] Verbs = ["said", "says", "wrote", "argued"];

    /// <summary>Who speaks; null when the line is not a heading.</summary>
    public static string? AuthorOf(ReadOnlySpan<char> line)
    {
        if (line.Length > LongestLine) return null;
        line = line.Trim();
        if (line.Length == 0) return null;
        if (line[0] == '#')
        {
            var name = line.TrimStart('#');
            return name.Length > 0 && char.IsWhiteSpace(name[0]) ? name.Trim().ToString() : null;
        }

        if (line.EndsWith("**")) line = line[..^2].TrimEnd();
        if (line.Length < 2 || line[^1] is not (':' or '：')) return null;
        line = line[..^1].TrimEnd();
        if (line.EndsWith("**")) line = line[..^2];
        else if (line.EndsWith("]")) line = line[..^1];
        if (line.StartsWith("**")) line = line[2..];
        else if (line.StartsWith("[")) line = line[1..];

        var author = WithoutVerb(line).TrimEnd();
        return author.Length is > 0 and <= LongestName && !char.IsWhiteSpace(author[0]) && author[0] is not ('#' or '[') && author.IndexOfAny(":：]*") < 0 ? author.ToString() : null;
    }

    private static ReadOnlySpan<char> WithoutVerb(ReadOnlySpan<char> line)
    {
        foreach (var verb in Verbs)
        {
            if (line.EndsWith(verb, StringComparison.Ordinal) && line.Length > verb.Length && char.IsWhiteSpace(line[^(verb.Length + 1)])) return line[..^verb.Length];
        }

        return line;
    }
}
