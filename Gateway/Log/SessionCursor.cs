using System.Globalization;

namespace Gateway.Log;

/// <summary>The cursor of a list of sessions: the number of the last one on the page before.</summary>
internal static class SessionCursor
{
    /// <summary>Writes a cursor.</summary>
    public static string Write(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads a cursor; null stands before the newest session.</summary>
    /// <exception cref="FormatException">No log wrote this cursor.</exception>
    public static long Read(string? cursor)
    {
        if (cursor is null) return long.MaxValue;
        return long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"'{cursor}' is not a cursor of the list of sessions; pass 'next_cursor' of the page before, or none.");
    }
}
