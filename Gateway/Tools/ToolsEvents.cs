namespace Gateway.Tools;

/// <summary>The numbers of this folder's log events, from 2650.</summary>
internal static class ToolsEvents
{
    public const int ToolThrew = 2650;

    public const int ServerStarted = 2660;
    public const int ServerCannotStart = 2661;
    public const int ServerEnded = 2662;
    public const int ServerCallFailed = 2663;
    public const int ToolLeftOut = 2664;
    public const int ToolsKept = 2665;
    public const int ServerHangs = 2666;
}
