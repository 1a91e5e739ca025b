namespace Gateway.Settings;

/// <summary>A secret: whatever is wrong with it, nothing of it is shown.</summary>
internal sealed class SecretAttribute : SettingAttribute
{
    /// <inheritdoc/>
    protected override string? Expected(object value) =>
        TextAttribute.FindSlip((string)value) is { } slip ? $"the secret and nothing else, but the text {slip}" : null;

    /// <inheritdoc/>
    protected override string? Shown(object value) => null;
}
