namespace Gateway.Log;

/// <summary>The numbers of the log events of the session log and its stores: 2000 to 2499.</summary>
internal static class LogEvents
{
    public const int FinishedDeleted = 2000;
    public const int FinishedCompacted = 2001;
    public const int HistoryFailed = 2002;
    public const int HistoryFailedUnexpectedly = 2003;

    public const int SqliteOpened = 2100;
    public const int SqliteFailing = 2101;
    public const int SqliteWorksAgain = 2102;
    public const int SqliteNotCompacted = 2103;
    public const int SqliteNotPurged = 2104;
    public const int SqliteGone = 2105;
    public const int SqliteLockAwaited = 2106;
    public const int SqliteFound = 2107;
    public const int SqliteNotPrivate = 2108;
    public const int SqliteDiskShort = 2109;
    public const int SqliteDiskFree = 2110;
    public const int SqlitePromptUnreadable = 2111;
}
