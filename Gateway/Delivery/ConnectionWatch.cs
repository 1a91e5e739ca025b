using Gateway.Telemetry;
using Microsoft.Extensions.Options;

namespace Gateway.Delivery;

/// <summary>One timer for all connections: drops the stalled and the vanished, pings the silent, retries the log.</summary>
internal sealed partial class ConnectionWatch(
    ConnectionRegistry connections,
    StreamRegistry streams,
    DeliveryClock clock,
    IOptions<DeliveryOptions> delivery,
    IOptions<KeepAliveOptions> keepAlive,
    GatewayMetrics metrics,
    TimeProvider time,
    ILogger<ConnectionWatch> logger) : BackgroundService
{
    /// <summary>How long a tick is.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly long _stall = Ticks(delivery.Value.StallTimeout);
    private readonly long _ping = Ticks(keepAlive.Value.KeepAliveInterval);
    private readonly long _answer = Ticks(keepAlive.Value.KeepAliveTimeout);

    /// <summary>Looks at every connection once; the timer's work.</summary>
    public void Look()
    {
        var now = clock.Advance();
        foreach (var sender in connections.Snapshot())
        {
            var heardAt = sender.HeardAt;
            switch (sender.Check(now, _stall, _ping, _answer))
            {
                case ConnectionHealth.Stalled:
                    metrics.Stalled();
                    var stalled = sender.Describe();
                    LogStalled(stalled, _stall);
                    sender.Abort();
                    break;
                case ConnectionHealth.Vanished:
                    metrics.Vanished();
                    var vanished = sender.Describe();
                    LogVanished(vanished, now - heardAt);
                    sender.Abort();
                    break;
            }
        }

        foreach (var stream in streams.Snapshot().Where(stream => stream.IsStalled(now, _stall)))
        {
            metrics.Stalled();
            var stalled = stream.Describe();
            LogStalled(stalled, _stall);
            stream.Abort();
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

    [LoggerMessage(EventId = 3101, Level = LogLevel.Information, Message = "Dropped {Connection}: it took nothing for {Seconds} s; it can come back with its seq")]
    private partial void LogStalled(string connection, long seconds);

    [LoggerMessage(EventId = 3102, Level = LogLevel.Debug, Message = "Dropped {Connection}: nothing was heard of it for {Seconds} s")]
    private partial void LogVanished(string connection, long seconds);
}
