namespace Gateway.Workflows;

internal sealed partial class CatalogStartup
{
    [LoggerMessage(EventId = 700, Level = LogLevel.Information, Message = "Loaded {Count} workflows: {Ids}")]
    private partial void LogLoaded(int count, IEnumerable<string?> ids);
}
