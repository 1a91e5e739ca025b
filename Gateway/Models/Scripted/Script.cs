namespace Gateway.Models.Scripted;

/// <summary>Tells which writing a text is in.</summary>
internal static class Script
{
    /// <summary>Whether a letter is Chinese (or a neighbour of it), which is written without spaces.</summary>
    public static bool IsCjk(char c) => c is (>= '\u3400' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF') or (>= '\u3000' and <= '\u303F') or (>= '\uFF00' and <= '\uFFEF');

    /// <summary>Whether most of the letters are Chinese; a name in another script does not change that.</summary>
    public static bool IsMainlyCjk(string text)
    {
        var cjk = text.Count(IsCjk);
        // A Chinese word is two letters, a word in Latin letters about five.
        var others = text.Count(c => char.IsLetter(c) && !IsCjk(c));
        return cjk > 0 && cjk * 5 > others * 2;
    }
}
