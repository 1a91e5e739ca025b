namespace Gateway.Settings;

internal sealed partial class SettingsCheck
{
    [LoggerMessage(SettingsEvents.Unknown, LogLevel.Warning, "There is no setting '{Setting}'{Meant}; it is ignored")]
    private partial void LogUnknown(string setting, string meant);
}
