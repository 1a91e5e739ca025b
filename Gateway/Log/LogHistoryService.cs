using Microsoft.Extensions.Options;

namespace Gateway.Log;

/// <summary>Deletes finished sessions by age and number, and compacts the others when that is on.</summary>
internal sealed partial class LogHistoryService(
    ILogHistory history,
    IEnumerable<IDeletionListener> listeners,
    IOptions<StorageOptions> storage,
    IOptions<RetentionOptions> retention,
    TimeProvider time,
    ILogger<LogHistoryService> logger) : BackgroundService
{
    /// <summary>Sessions a step deletes or compacts; appends take their turn between two steps.</summary>
    internal const int StepSize = 20;

    private readonly RetentionOptions _retention = retention.Value;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_retention.Interval, time);
        try
        {
            do
            {
                await RunOnceAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The gateway shuts down.
        }
    }

    private async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            var deleted = await DeleteAsync(cancellationToken);
            if (deleted > 0) LogDeleted(deleted);
            if (!storage.Value.Compact) return;

            var compacted = await CompactAsync(cancellationToken);
            if (compacted > 0) LogCompacted(compacted);
        }
        catch (StorageException exception)
        {
            // The next round tries again.
            LogFailed(exception);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A history that grows is not a reason to stop. An exception that leaves this service would stop the whole gateway.
            LogUnexpected(exception);
        }
    }

    private async Task<int> DeleteAsync(CancellationToken cancellationToken)
    {
        if (_retention.MaxAge is null && _retention.MaxSessions is null) return 0;

        var sum = 0;
        while (await history.DeleteFinishedAsync(OlderThan(_retention.MaxAge), _retention.MaxSessions, StepSize, cancellationToken) is { Count: > 0 } deleted)
        {
            sum += deleted.Count;
            foreach (var listener in listeners) listener.OnDeleted(deleted);
        }

        return sum;
    }

    // No session is older than the calendar, so such an age deletes nothing.
    private DateTime? OlderThan(TimeSpan? age)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return age > now - DateTime.MinValue ? null : now - age;
    }

    private async Task<int> CompactAsync(CancellationToken cancellationToken)
    {
        var sum = 0;
        while (await history.CompactAsync(StepSize, cancellationToken) is > 0 and var compacted) sum += compacted;
        return sum;
    }
}
