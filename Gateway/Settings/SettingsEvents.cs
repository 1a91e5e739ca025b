namespace Gateway.Settings;

/// <summary>The numbers of the log events of the settings: 1090 to 1099.</summary>
internal static class SettingsEvents
{
    public const int Unknown = 1090;
}
