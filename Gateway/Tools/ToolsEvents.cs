namespace Gateway.Tools;

/// <summary>The numbers of this folder's log events, from 2600.</summary>
internal static class ToolsEvents
{
    public const int ToolThrew = 2600;

    public const int ServerStarted = 2610;
    public const int ServerCannotStart = 2611;
    public const int ServerEnded = 2612;
    public const int ServerCallFailed = 2613;
    public const int ToolLeftOut = 2614;
}
