using Gateway.Log;
using Microsoft.Extensions.Options;

namespace Gateway.Engine;

/// <summary>Lets held sessions go on once the store works again.</summary>
/// <remarks>
/// One small write tries the store for all sessions together, so that a thousand sessions do not hammer a full disk.
/// </remarks>
internal sealed class StorageRetry(LocalSessionHost host, ILogHealth health, IOptions<StorageOptions> options, TimeProvider time) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.RetryInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (host.NeedsStorage && await health.ProbeAsync(stoppingToken)) await host.StorageReturnedAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The gateway stops, and the sessions with it.
        }
    }
}
