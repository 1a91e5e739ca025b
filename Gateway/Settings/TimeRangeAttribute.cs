using System.Globalization;

namespace Gateway.Settings;

/// <summary>The shortest and the longest time a setting takes, as <c>[d.]hh:mm:ss[.fff]</c>; without a longest it is open above.</summary>
internal sealed class TimeRangeAttribute(string minimum, string? maximum = null) : SettingAttribute
{
    private readonly TimeSpan _minimum = TimeSpan.Parse(minimum, CultureInfo.InvariantCulture);
    private readonly TimeSpan _maximum = maximum is null ? TimeSpan.MaxValue : TimeSpan.Parse(maximum, CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    protected override string? Expected(object value)
    {
        var time = (TimeSpan)value;
        if (time >= _minimum && time <= _maximum) return null;
        return maximum is null ? $"{minimum} or longer" : $"from {minimum} to {maximum}";
    }

    /// <inheritdoc/>
    protected override string Shown(object value) => ((TimeSpan)value).ToString("c", CultureInfo.InvariantCulture);
}
