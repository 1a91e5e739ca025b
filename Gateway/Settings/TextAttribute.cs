namespace Gateway.Settings;

/// <summary>A setting that must not be empty.</summary>
/// <param name="what">What it must be, as it follows "must be", such as <c>the path of a file</c>.</param>
internal sealed class TextAttribute(string what) : SettingAttribute
{
    /// <inheritdoc/>
    protected override string? Expected(object value) => string.IsNullOrWhiteSpace((string)value) ? what : null;

    /// <inheritdoc/>
    protected override string Shown(object value) => "empty";
}
