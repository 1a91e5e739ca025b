using Gateway.Log;
using Microsoft.Extensions.Options;

namespace Gateway.Engine;

/// <summary>Lets sessions go on by themselves once the store works again.</summary>
/// <remarks>
/// One small write tells for all of them whether it does, so a full disk is not hammered by a thousand sessions.
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
            // The gateway stops.
        }
    }
}
