using Spectre.Console;
using Spectre.Console.Rendering;

namespace Watch;

/// <summary>The last lines of a text that grows: as many as fit.</summary>
internal sealed class Tail(string text, int lines, Style? style = null) : Renderable
{
    // A panel of this many cells is wider than any terminal: what lies further back cannot be among the last lines.
    private const int CellsPerLine = 512;

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        var end = text.Length > lines * CellsPerLine ? text[^(lines * CellsPerLine)..] : text;
        var all = Segment.SplitLines(((IRenderable)new Text(end, style)).Render(options, maxWidth), maxWidth);
        foreach (var line in all.Skip(all.Count - lines))
        {
            foreach (var segment in line) yield return segment;
            yield return Segment.LineBreak;
        }
    }
}
