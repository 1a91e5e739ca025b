using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Gateway.Tests.Samples;

/// <summary>What stands on a terminal after a program has written to it: as much of one as the samples use.</summary>
internal sealed partial class TerminalScreen
{
    private readonly int _width;
    private readonly List<StringBuilder> _lines = [new()];
    private int _row;
    private int _column;

    private TerminalScreen(int width) => _width = width;

    /// <summary>The lines, after all of it was written.</summary>
    /// <exception cref="InvalidOperationException">A line is wider than the terminal, which would have broken it in two.</exception>
    public static IReadOnlyList<string> After(string output, int width)
    {
        var screen = new TerminalScreen(width);
        var at = 0;
        foreach (Match order in Order().Matches(output))
        {
            screen.Write(output.AsSpan(at, order.Index - at));
            screen.Obey(order);
            at = order.Index + order.Length;
        }

        screen.Write(output.AsSpan(at));
        return [.. screen._lines.Select(line => line.ToString().TrimEnd())];
    }

    private void Write(ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            switch (letter)
            {
                case '\n':
                    _row++;
                    break;
                case '\r':
                    _column = 0;
                    break;
                default:
                    if (!char.IsControl(letter)) Put(letter);
                    break;
            }

            while (_row >= _lines.Count) _lines.Add(new());
        }
    }

    private void Put(char letter)
    {
        if (_column >= _width) throw new InvalidOperationException($"A line is wider than the terminal's {_width} cells: '{_lines[_row]}{letter}'");
        var line = _lines[_row];
        if (line.Length < _column) line.Append(' ', _column - line.Length);
        if (_column < line.Length) line[_column] = letter;
        else line.Append(letter);
        _column++;
    }

    private void Obey(Match order)
    {
        _ = int.TryParse(order.Groups["count"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count);
        switch (order.Groups["what"].Value)
        {
            case "A":
                _row = Math.Max(0, _row - Math.Max(1, count));
                break;
            case "K":
                _lines[_row].Clear();
                break;
            case "J":
                _lines.Clear();
                _lines.Add(new());
                (_row, _column) = (0, 0);
                break;
            case "H":
                (_row, _column) = (0, 0);
                break;
        }
    }

    [GeneratedRegex(@"\x1b(\[\??(?<count>\d*)[\d;]*(?<what>[A-Za-z])|\][^\x07\x1b]*(\x07|\x1b\\)|[=>()][A-Z0-9]?)")]
    private static partial Regex Order();
}
