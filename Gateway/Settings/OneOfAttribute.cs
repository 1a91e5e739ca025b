namespace Gateway.Settings;

/// <summary>The words a setting takes.</summary>
internal sealed class OneOfAttribute(params string[] words) : SettingAttribute
{
    /// <inheritdoc/>
    protected override string? Expected(object value) =>
        words.Contains((string)value, StringComparer.Ordinal) ? null : string.Join(" or ", words.Select(Shown));

    /// <inheritdoc/>
    protected override string Shown(object value) => $"'{value}'";
}
