using Microsoft.Extensions.Options;

namespace Gateway.Workflows;

/// <summary>Reads workflow files again when they have changed, while the gateway runs.</summary>
/// <remarks>
/// It looks at the folders from time to time. Notices of the system are not used: they lack on network folders and mounted volumes,
/// there are few of them for a user, and they do not say when somebody has finished writing.
/// </remarks>
internal sealed partial class CatalogWatch(IWorkflowCatalog catalog, IOptions<CatalogSettings> settings, TimeProvider time, ILogger<CatalogWatch> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A host may have a catalog of its own, which is its own to watch.
        if (catalog is not WorkflowCatalog files || settings.Value.WorkflowsInterval is not { Ticks: > 0 } interval) return;
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) Look(files);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The gateway ends.
        }
    }

    private void Look(WorkflowCatalog files)
    {
        CatalogChange change;
        try
        {
            change = files.Refresh();
        }
        catch (Exception exception)
        {
            // A file that cannot be read in a way nobody thought of must not end the watch, nor the gateway.
            LogFailed(exception);
            return;
        }

        if (change.Read.Count > 0) LogRead(change.Read);
        if (change.Gone.Count > 0) LogGone(change.Gone);
        foreach (var file in change.Problems.GroupBy(problem => problem.File)) LogRefused(file.Key, string.Concat(file.Select(problem => $"{Environment.NewLine}  {problem}")));
    }
}
