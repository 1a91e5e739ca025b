namespace Gateway.Workflows;

/// <summary>Loads the catalog when the host starts, so that a broken file stops it then and not a session later.</summary>
/// <remarks>The catalog is loaded by being asked for.</remarks>
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
