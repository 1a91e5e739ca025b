using System.Globalization;

namespace Gateway.Workflows;

/// <summary>How a message shows text from outside, and which known name was probably meant.</summary>
internal static class Naming
{
    private const int MaxLength = 64;
    private const int MaxDistance = 2;

    /// <summary>Text from outside, cut and without control characters, so that a message stays one readable line; what cannot be seen is named, as <c>&lt;U+00A0&gt;</c>.</summary>
    public static string Show(string text)
    {
        var cut = text.Length > MaxLength ? text[..MaxLength] + "..." : text;
        foreach (var c in cut)
        {
            if (IsUnprintable(c) || IsUnseen(c)) return string.Concat(cut.Select(Visible));
        }

        return cut;
    }

    /// <summary>The known name closest to a mistyped one, at most two edits away; null when none is.</summary>
    public static string? Nearest(string text, IEnumerable<string> known)
    {
        if (text.Length is 0 or > MaxLength) return null;

        string? nearest = null;
        // Two edits turn a short name into any other short name, so one edit is allowed for every two letters.
        var best = Math.Min(MaxDistance, text.Length / 2) + 1;
        foreach (var name in known)
        {
            if (name.Length > MaxLength || Math.Abs(name.Length - text.Length) >= best) continue;
            var distance = Distance(text, name, best);
            if (distance >= best) continue;
            best = distance;
            nearest = name;
        }

        return nearest;
    }

    // The Levenshtein distance, ignoring case; returns `limit` as soon as the distance cannot get below it. A way below the limit
    // never leaves the diagonal by as much, so only the band around it is computed: a few cells a letter, however the names look.
    private static int Distance(string a, string b, int limit)
    {
        Span<int> row = stackalloc int[MaxLength + 2];
        for (var j = 0; j <= b.Length; j++) row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var first = Math.Max(1, i - limit);
            var last = Math.Min(b.Length, i + limit);
            var diagonal = row[first - 1];
            row[first - 1] = first == 1 ? i : limit;
            if (last == i + limit) row[last] = limit;
            var lowest = row[first - 1];
            for (var j = first; j <= last; j++)
            {
                var same = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]);
                var value = Math.Min(same ? diagonal : diagonal + 1, Math.Min(row[j], row[j - 1]) + 1);
                diagonal = row[j];
                row[j] = value;
                lowest = Math.Min(lowest, value);
            }

            if (lowest >= limit) return limit;
        }

        return row[b.Length];
    }

    private static string Visible(char c) => IsUnprintable(c) ? "?" : IsUnseen(c) ? string.Create(CultureInfo.InvariantCulture, $"<U+{(int)c:X4}>") : c.ToString();

    // Blanks and marks that come with text from web pages: without their names a message would quote a word that looks right.
    private static bool IsUnseen(char c) =>
        c is '\u2010' or '\u2011' || (c != ' ' && char.GetUnicodeCategory(c) is (UnicodeCategory.Format or UnicodeCategory.SpaceSeparator));

    private static bool IsUnprintable(char c) => char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029';
}
