namespace Gateway.Observers;

/// <summary>The numbers of this room's log events: 6000 to 6099.</summary>
internal static class ObserversEvents
{
    public const int Failed = 6000;
    public const int LogFailed = 6001;
    public const int LogDamaged = 6002;
}
