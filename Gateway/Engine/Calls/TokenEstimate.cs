namespace Gateway.Engine.Calls;

/// <summary>Estimates how many tokens a text has, for providers that do not say.</summary>
/// <remarks>Four characters a token; a Chinese, Japanese or Korean character is one by itself.</remarks>
internal struct TokenEstimate
{
    private long _wide;
    private long _narrow;

    /// <summary>The tokens of all text so far.</summary>
    public readonly long Tokens => _wide + ((_narrow + 3) / 4);

    /// <summary>Adds text.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            // A pair of halves (rare characters, emoji) counts once, by its first half.
            if (char.IsLowSurrogate(character)) continue;
            if (IsWide(character)) _wide++;
            else _narrow++;
        }
    }

    private static bool IsWide(char character) =>
        character is (>= '\u2E80' and <= '\u9FFF') or (>= '\uAC00' and <= '\uDBFF') or (>= '\uF900' and <= '\uFAFF') or (>= '\uFF00' and <= '\uFFEF');
}
