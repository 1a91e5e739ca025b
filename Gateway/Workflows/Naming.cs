using System.Text.RegularExpressions;

namespace Gateway.Workflows;

/// <summary>The form of ids, how foreign text is shown in a message, and what was probably meant.</summary>
internal static partial class Naming
{
    private const int MaxLength = 64;
    private const int MaxDistance = 2;

    /// <summary>How every message about an id describes the form.</summary>
    public const string IdForm = "an id has 1 to 64 characters, each a letter A-Z or a-z, a digit, '-' or '_'";

    /// <summary>Whether it is of the form <c>[A-Za-z0-9_-]{1,64}</c>.</summary>
    public static bool IsId(string text) => Id().IsMatch(text);

    /// <summary>Text from outside, shortened and without control characters, so that a message stays one readable line.</summary>
    public static string Show(string text)
    {
        var cut = text.Length > MaxLength ? text[..MaxLength] + "..." : text;
        foreach (var c in cut)
        {
            if (IsUnprintable(c)) return string.Concat(cut.Select(other => IsUnprintable(other) ? '?' : other));
        }

        return cut;
    }

    /// <summary>The known name closest to a mistyped one, at most two edits away; null when none is.</summary>
    public static string? Nearest(string text, IEnumerable<string> known)
    {
        if (text.Length is 0 or > MaxLength) return null;

        string? nearest = null;
        // A short name is not a typo of every other short name: allow one edit for every two letters.
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

    // Levenshtein, ignoring case; gives up with `limit` as soon as no row can get below it.
    private static int Distance(string a, string b, int limit)
    {
        Span<int> row = stackalloc int[MaxLength + 1];
        for (var j = 0; j <= b.Length; j++) row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            var lowest = i;
            for (var j = 1; j <= b.Length; j++)
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

    private static bool IsUnprintable(char c) => char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029';

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex Id();
}
