using System.Globalization;

namespace Gateway.Models.Scripted;

/// <summary>Cuts a text into pieces like those a model streams.</summary>
internal static class ScriptedPieces
{
    private const int LongestPiece = 8;

    // Beyond this many letters a text goes on as it began.
    private const int LongestCount = 64 * 1024;

    /// <summary>How many pieces a text has; of a very long one, about.</summary>
    public static int Count(string text) =>
        text.Length <= LongestCount ? Of(text).Count : (int)((long)Of(text[..LongestCount]).Count * text.Length / LongestCount);

    /// <summary>Words with the space before them, long ones in parts; two letters of a script without spaces.</summary>
    /// <remarks>Never cuts what a reader sees as one letter; put together again the pieces are the text.</remarks>
    public static List<string> Of(string text)
    {
        List<string> pieces = [];
        var start = 0;
        var letters = 0;

        for (var at = 0; at < text.Length;)
        {
            var length = StringInfo.GetNextTextElementLength(text, at);
            var isCjk = Script.IsCjk(text[at]);
            var full = letters >= (isCjk ? 2 : LongestPiece);
            // A piece starts at the first space after something that is not one.
            var newWord = char.IsWhiteSpace(text[at]) && at > start && !char.IsWhiteSpace(text[at - 1]);
            if (full || newWord)
            {
                pieces.Add(text[start..at]);
                start = at;
                letters = 0;
            }
            at += length;
            letters++;
        }

        if (start < text.Length) pieces.Add(text[start..]);
        return pieces;
    }
}
