using System.Globalization;

namespace Gateway.Settings;

/// <summary>The least and the greatest number a setting takes; <see cref="double.MinValue"/> and <see cref="double.MaxValue"/> leave it open.</summary>
/// <remarks>The generated validators write the arguments down as numbers, which infinity is not.</remarks>
internal sealed class NumberRangeAttribute(double minimum, double maximum = double.MaxValue) : SettingAttribute
{
    /// <summary>What the number counts, such as <c>US dollars</c>; absent: nothing is said.</summary>
    public string? Unit { get; init; }

    /// <inheritdoc/>
    protected override string? Expected(object value)
    {
        var number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        if (number >= minimum && number <= maximum) return null;
        var range = (minimum, maximum) switch
        {
            (double.MinValue, double.MaxValue) => "a number",
            (_, double.MaxValue) => $"{Text(minimum)} or more",
            _ => $"from {Text(minimum)} to {Text(maximum)}",
        };
        return Unit is null ? range : $"{range} {Unit}";
    }

    /// <inheritdoc/>
    protected override string Shown(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;

    // Not in exponents, however large.
    private static string Text(double number) => number.ToString("0.######", CultureInfo.InvariantCulture);
}
