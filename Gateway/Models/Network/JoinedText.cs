namespace Gateway.Models.Network;

/// <summary>Joins the halves of characters that a provider cut between two pieces; a half that stays alone becomes U+FFFD.</summary>
internal struct JoinedText
{
    private char? _half;

    /// <summary>The piece with the half before it, and without the half at its end.</summary>
    public string Add(string piece)
    {
        if (piece.Length == 0) return piece;
        if (_half is { } half) piece = half + piece;
        _half = char.IsHighSurrogate(piece[^1]) ? piece[^1] : null;
        return Whole(_half is null ? piece : piece[..^1]);
    }

    /// <summary>What is left at the end.</summary>
    public string Close()
    {
        var rest = _half is null ? "" : "\uFFFD";
        _half = null;
        return rest;
    }

    // The usual text has no halves, and is handed on as it is.
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
