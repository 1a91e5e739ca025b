using System.Globalization;

namespace Gateway.Doors.AgUi;

/// <summary>A block's place in the stream: one event of a session may be several of AG-UI.</summary>
/// <param name="Seq">The event that it follows from; of a beginning, the event after which the client came.</param>
/// <param name="Ordinal">Which of those that follow from it, from 0.</param>
/// <param name="IsBeginning">Whether it is one of those that a run begins with: what there is so far.</param>
/// <param name="Until">The event at which the answers that the run began with have taken effect; 0 once it is past, and where there were none.</param>
internal readonly record struct AgUiCursor(long Seq, int Ordinal, bool IsBeginning, long Until = 0)
{
    private const char OfBeginning = '-', OfEvent = '.', BeforeUntil = '~';

    /// <summary>The cursor that a client was told; null when nobody can have told it.</summary>
    public static AgUiCursor? Parse(string? text)
    {
        if (text is null || text.IndexOfAny([OfBeginning, OfEvent]) is not (> 0 and var at)) return null;
        var mark = text.IndexOf(BeforeUntil, StringComparison.Ordinal) is > 0 and var found && found > at ? found : text.Length;
        long until = 0;
        return Number(text.AsSpan(0, at), out var seq) && int.TryParse(text.AsSpan(at + 1, mark - at - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
            && (mark == text.Length || Number(text.AsSpan(mark + 1), out until))
            ? new AgUiCursor(seq, ordinal, text[at] == OfBeginning, until)
            : null;
    }

    /// <summary>As clients are told it, who make nothing of it.</summary>
    public override string ToString()
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"{Seq}{(IsBeginning ? OfBeginning : OfEvent)}{Ordinal}");
        return Until > Seq ? string.Create(CultureInfo.InvariantCulture, $"{place}{BeforeUntil}{Until}") : place;
    }

    private static bool Number(ReadOnlySpan<char> text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
