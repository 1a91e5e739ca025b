using Gateway.Telemetry;
using Microsoft.Extensions.Options;

namespace Gateway.Delivery;

/// <summary>One timer for all connections: drops stalled and silent ones, pings and comments, retries the log.</summary>
internal sealed partial class ConnectionWatch(
    ConnectionRegistry connections,
    DeliveryClock clock,
    IOptions<DeliveryOptions> delivery,
    IOptions<GatewayWebSocketOptions> webSockets,
    GatewayMetrics metrics,
    TimeProvider time,
    ILogger<ConnectionWatch> logger) : BackgroundService
{
    /// <summary>How long a tick is.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    // Proxies commonly close a connection after a minute without a byte, some after half of that.
    private static readonly TimeSpan CommentInterval = TimeSpan.FromSeconds(15);

    private readonly WatchLimits _limits = new(
        Ticks(delivery.Value.StallTimeout), Ticks(webSockets.Value.KeepAliveInterval), Ticks(webSockets.Value.KeepAliveTimeout), Ticks(CommentInterval));

    /// <summary>Looks at every connection once; the timer's work.</summary>
    public void Look()
    {
        var now = clock.Advance();
        foreach (var sender in connections.Snapshot())
        {
            var heardAt = sender.HeardAt;
            switch (sender.Check(now, _limits))
            {
                case ConnectionHealth.Stalled:
                    metrics.Stalled();
                    LogStalled(sender.Describe(), _limits.Stall);
                    sender.Abort();
                    break;
                case ConnectionHealth.Silent:
                    metrics.Silent();
                    LogSilent(sender, now - heardAt);
                    sender.Abort();
                    break;
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) Look();
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }

    private static long Ticks(TimeSpan span) => Math.Max(1, (long)Math.Ceiling(span / Tick));
}
