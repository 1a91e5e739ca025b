namespace Gateway.Workflows;

/// <summary>The numbers of this folder's log events, from 2700.</summary>
internal static class WorkflowsEvents
{
    public const int Loaded = 2700;
}
