using System.Globalization;

namespace Gateway.Doors.AgUi;

/// <summary>A block's place in the stream: one event of a session may be several of AG-UI.</summary>
/// <param name="Seq">The event that it follows from; of a beginning, the event after which the client came.</param>
/// <param name="Ordinal">Which of those that follow from it, from 0.</param>
/// <param name="IsBeginning">Whether it is one of those that a run begins with: what there is so far.</param>
internal readonly record struct AgUiCursor(long Seq, int Ordinal, bool IsBeginning)
{
    private const char OfBeginning = '-', OfEvent = '.';

    /// <summary>The cursor that a client was told; null when nobody can have told it.</summary>
    public static AgUiCursor? Parse(string? text)
    {
        if (text is null || text.IndexOfAny([OfBeginning, OfEvent]) is not (> 0 and var at)) return null;
        return long.TryParse(text.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out var seq) && int.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
            ? new AgUiCursor(seq, ordinal, text[at] == OfBeginning)
            : null;
    }

    /// <summary>As clients are told it, who make nothing of it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seq}{(IsBeginning ? OfBeginning : OfEvent)}{Ordinal}");
}
