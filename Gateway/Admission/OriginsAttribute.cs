using Gateway.Settings;

namespace Gateway.Admission;

/// <summary>Refuses origins that no page can have: a misspelt entry would just never match.</summary>
internal sealed class OriginsAttribute : SettingAttribute
{
    /// <inheritdoc/>
    protected override string? Expected(object value) =>
        Wrong(value).Any() ? "origins such as 'https://app.example.com', with a port where they have one and without a path, or '*' for any page" : null;

    /// <inheritdoc/>
    protected override string Shown(object value) => string.Join(" and ", Wrong(value).Select(origin => $"'{origin}'"));

    private static IEnumerable<string> Wrong(object value) => ((IReadOnlyList<string>)value).Where(origin => !OriginOptions.IsOrigin(origin));
}
