namespace Gateway.Workflows;

internal sealed partial class CatalogStartup
{
    [LoggerMessage(WorkflowsEvents.Loaded, LogLevel.Information, "Loaded {Count} workflows: {Ids}")]
    private partial void LogLoaded(int count, IEnumerable<string?> ids);
}
