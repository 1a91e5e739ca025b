namespace Gateway.Settings;

/// <summary>A setting that must not be empty, nor carry what an environment file leaves around a text.</summary>
/// <param name="what">What it must be, as it follows "must be", such as <c>the path of a file</c>.</param>
internal sealed class TextAttribute(string what) : SettingAttribute
{
    /// <summary>What a copy or an environment file has left in a text, as it follows "the text"; null when nothing.</summary>
    /// <remarks>Docker takes the quotes of <c>NAME="value"</c> and the carriage return of a file from Windows as part of the value.</remarks>
    public static string? FindSlip(string text)
    {
        if (text.Any(char.IsControl)) return "has a line break or another control character in it";
        return text is ['"', .., '"'] or ['\'', .., '\''] ? "stands in quotes, which belong to it here" : null;
    }

    /// <inheritdoc/>
    protected override string? Expected(object value)
    {
        var text = (string)value;
        if (string.IsNullOrWhiteSpace(text)) return what;
        return FindSlip(text) is { } slip ? $"{what}, but the text {slip}" : null;
    }

    /// <inheritdoc/>
    protected override string? Shown(object value) => string.IsNullOrWhiteSpace((string)value) ? "empty" : null;
}
