namespace Gateway.Models.Network;

/// <summary>Tells the reasoning at the beginning of a text from the text after it, however the tags are cut.</summary>
/// <remarks>Only at the beginning: a text that speaks about the tag is a text.</remarks>
/// <param name="isOpen">Whether the text begins inside.</param>
/// <param name="think">Takes reasoning.</param>
/// <param name="say">Takes text.</param>
internal sealed class ThinkSection(bool isOpen, Action<string> think, Action<string> say)
{
    private const string Open = "<think>";
    private const string Close = "</think>";

    // Blanks may stand before the tag, but not without end.
    private const int LongestIndent = 64;

    private Place _place = isOpen ? Place.Inside : Place.Before;
    private string _held = "";

    private enum Place
    {
        Before,
        Inside,
        Behind,
        Text,
    }

    /// <summary>Takes the next piece.</summary>
    public void Add(string piece)
    {
        if (_place == Place.Before) piece = Begin(piece);
        if (_place == Place.Inside) piece = Think(piece);
        if (_place == Place.Behind)
        {
            // The blank lines after the tag belong to the tag.
            piece = piece.TrimStart();
            if (piece.Length > 0) _place = Place.Text;
        }

        if (_place == Place.Text && piece.Length > 0) say(piece);
    }

    /// <summary>Hands on what was held back.</summary>
    public void End()
    {
        if (_held.Length > 0) (_place == Place.Inside ? think : say)(_held);
        _held = "";
    }

    // Returns what is behind the tag, or the text from its beginning when there is no tag.
    private string Begin(string piece)
    {
        _held += piece;
        var text = _held.TrimStart();
        if (_held.Length - text.Length <= LongestIndent && text.Length < Open.Length && Open.StartsWith(text, StringComparison.Ordinal)) return "";

        var isTag = text.StartsWith(Open, StringComparison.Ordinal);
        var rest = isTag ? text[Open.Length..] : _held;
        _place = isTag ? Place.Inside : Place.Text;
        _held = "";
        return rest;
    }

    // Returns what is behind the end tag.
    private string Think(string piece)
    {
        var text = _held + piece;
        var end = text.IndexOf(Close, StringComparison.Ordinal);
        var thought = end >= 0 ? end : text.Length - Cut(text);
        _held = end >= 0 ? "" : text[thought..];
        if (thought > 0) think(text[..thought]);
        if (end < 0) return "";
        _place = Place.Behind;
        return text[(end + Close.Length)..];
    }

    // How many characters at the end may be the beginning of the end tag.
    private static int Cut(string text)
    {
        for (var length = Math.Min(Close.Length - 1, text.Length); length > 0; length--)
        {
            if (text.EndsWith(Close[..length], StringComparison.Ordinal)) return length;
        }

        return 0;
    }
}
