namespace Gateway.Models;

/// <summary>Reads the files of prices when the gateway starts, and again when they have changed.</summary>
internal sealed partial class PriceWatch(PriceTable prices, TimeProvider time, ILogger<PriceWatch> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (prices.HasFiles) LogRead(prices.Count);
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!prices.HasFiles) return;
        using var timer = new PeriodicTimer(s_interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var problems = new List<string>();
                if (prices.Refresh(settles: true, problems)) LogRead(prices.Count);
                foreach (var problem in problems) LogRefused(problem);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The gateway ends.
        }
    }
}
