using System.Globalization;

namespace Gateway.Settings;

/// <summary>The kinds of values that settings have, beside texts.</summary>
internal sealed record SettingKind(string Expected, Func<string, string?> Normalize);

/// <summary>Which kind a setting's type is of.</summary>
internal static class SettingKinds
{
    private static readonly SettingKind Time = new(Duration.Form, text => Duration.TryParse(text, out var time) ? time.ToString("c", CultureInfo.InvariantCulture) : null);
    private static readonly SettingKind Switch = new("true or false", text => bool.TryParse(text, out _) ? text : null);
    private static readonly SettingKind Whole = new("a whole number in range, such as 1000", text => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? text : null);
    private static readonly SettingKind LongWhole = new("a whole number in range, such as 1000", text => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? text : null);
    private static readonly SettingKind Real = new("a number, such as 0.15", text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? text : null);

    // As the binder reads it: exponents and thousands are not.
    private static readonly SettingKind Exact = new("a number, such as 0.15", text => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? text : null);

    /// <summary>The kind; null for texts, and for what only the binder knows.</summary>
    public static SettingKind? Find(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(TimeSpan) => Time,
        var t when t == typeof(bool) => Switch,
        var t when t == typeof(int) => Whole,
        var t when t == typeof(long) => LongWhole,
        var t when t == typeof(double) => Real,
        var t when t == typeof(decimal) => Exact,
        _ => null,
    };
}
