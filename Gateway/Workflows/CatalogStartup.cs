namespace Gateway.Workflows;

/// <summary>Loads the catalog when the host starts, so that a broken file stops the host.</summary>
/// <remarks>Asking the container for the catalog loads it.</remarks>
internal sealed partial class CatalogStartup(IWorkflowCatalog catalog, ILogger<CatalogStartup> logger) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var ids = catalog.List().Select(workflow => workflow.Id).ToList();
        LogLoaded(ids.Count, ids);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
