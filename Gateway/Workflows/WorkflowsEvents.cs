namespace Gateway.Workflows;

/// <summary>The numbers of this folder's log events, from 2700.</summary>
internal static class WorkflowsEvents
{
    public const int Loaded = 2700;
    public const int Read = 2701;
    public const int Gone = 2702;
    public const int Refused = 2703;
    public const int WatchFailed = 2704;
}
