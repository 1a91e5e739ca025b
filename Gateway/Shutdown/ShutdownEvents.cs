namespace Gateway.Shutdown;

/// <summary>The numbers of the log events of the shutdown: 1010 to 1089.</summary>
internal static class ShutdownEvents
{
    public const int Begun = 1010;
    public const int PauseFailed = 1011;
    public const int Cut = 1012;
    public const int Done = 1013;
}
