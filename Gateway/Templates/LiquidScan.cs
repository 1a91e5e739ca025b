namespace Gateway.Templates;

/// <summary>Looks over a template before it is parsed: the parser calls itself for what stands within something, and the stack has an end.</summary>
internal static class LiquidScan
{
    /// <summary>How deep blocks may stand within each other.</summary>
    public const int MaxDepth = 32;

    private const int MaxTag = 2000;
    private const int MaxBrackets = 8;

    /// <summary>How many tags the template has, and what is wrong with it.</summary>
    public static (int Tags, TemplateProblem? Problem) Run(string text)
    {
        var (at, tags, depth) = (0, 0, 0);
        while (true)
        {
            var start = text.IndexOf('{', at);
            if (start < 0 || start + 1 == text.Length) return (tags, null);
            var kind = text[start + 1];
            if (kind is not ('{' or '%'))
            {
                at = start + 1;
                continue;
            }

            var end = text.IndexOf(kind == '{' ? "}}" : "%}", start + 2, StringComparison.Ordinal);
            if (end < 0) return (tags, Wrong(text, start, $"The '{(kind == '{' ? "}}" : "%}")}' is missing"));
            var content = text.AsSpan(start + 2, end - start - 2);
            if (content.Length > MaxTag) return (tags, Wrong(text, start, $"What stands between the braces has {content.Length} characters; it has at most {MaxTag}"));
            if (Brackets(content) > MaxBrackets) return (tags, Wrong(text, start, $"More than {MaxBrackets} brackets stand within each other"));
            if (kind == '%') depth += Step(content.TrimStart('-').Trim());
            if (depth > MaxDepth) return (tags, Wrong(text, start, $"More than {MaxDepth} blocks stand within each other"));
            tags++;
            at = end + 2;
        }
    }

    private static int Step(ReadOnlySpan<char> tag) =>
        tag.StartsWith("if") || tag.StartsWith("unless") || tag.StartsWith("for") ? 1 : tag.StartsWith("end") ? -1 : 0;

    private static int Brackets(ReadOnlySpan<char> content)
    {
        var (depth, most) = (0, 0);
        foreach (var c in content)
        {
            if (c is '(' or '[') most = Math.Max(most, ++depth);
            else if (c is ')' or ']') depth--;
        }

        return most;
    }

    private static TemplateProblem Wrong(string text, int at, string sentence)
    {
        var line = text.AsSpan(0, at).Count('\n') + 1;
        var column = at - text.LastIndexOf('\n', at);
        return new TemplateProblem($"{sentence} (line {line}, character {column} of the template).");
    }
}
