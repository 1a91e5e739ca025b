using System.Globalization;
using System.Text.RegularExpressions;

namespace Gateway.Settings;

/// <summary>How a setting writes a time: <c>30s</c>, <c>500ms</c>, <c>10m</c>, <c>24h</c>, <c>7d</c>, a number of seconds, or <c>hh:mm:ss</c>.</summary>
/// <remarks>
/// Not as <see cref="TimeSpan"/> reads it, to which <c>30</c> is thirty days and <c>24:00:00</c> twenty-four. What could mean two things, as <c>10:30</c>, is refused.
/// </remarks>
internal static partial class Duration
{
    /// <summary>The forms in words, as they follow "must be".</summary>
    public const string Form = "a time, such as 30s, 500ms, 10m, 24h, 7d, 00:00:30 (hours, minutes, seconds) or 30 (seconds)";

    /// <summary>Reads a time; false when the text is none.</summary>
    public static bool TryParse(string text, out TimeSpan time)
    {
        time = default;
        var trimmed = text.Trim();
        var sign = trimmed.StartsWith('-') ? -1 : 1;
        var unsigned = sign < 0 ? trimmed[1..] : trimmed;
        decimal? seconds = WithUnit().Match(unsigned) is { Success: true } unit ? OfUnit(unit) : Clock().Match(unsigned) is { Success: true } clock ? OfClock(clock) : null;
        if (seconds is not { } found || decimal.Round(found * TimeSpan.TicksPerSecond) is not (<= long.MaxValue and var ticks)) return false;
        time = TimeSpan.FromTicks((long)ticks * sign);
        return true;
    }

    private static decimal OfUnit(Match match) => Number(match, 1) * match.Groups[2].Value.ToUpperInvariant() switch
    {
        "MS" => 0.001m,
        "M" => 60,
        "H" => 3600,
        "D" => 86400,
        _ => 1,
    };

    private static decimal OfClock(Match match) => (Number(match, 1) * 86400) + (Number(match, 2) * 3600) + (Number(match, 3) * 60) + Number(match, 4);

    private static decimal Number(Match match, int group) =>
        match.Groups[group] is { Success: true } found ? decimal.Parse(found.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^([0-9]{1,12}(?:\.[0-9]{1,7})?) ?(ms|s|m|h|d)?$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex WithUnit();

    // Days are said with a point; without them the hours may be more than 23.
    [GeneratedRegex(@"^(?:([0-9]{1,8})\.(?=[01]?[0-9]:|2[0-3]:))?([0-9]{1,8}):([0-5]?[0-9]):([0-5]?[0-9](?:\.[0-9]{1,7})?)$", RegexOptions.CultureInvariant)]
    private static partial Regex Clock();
}
