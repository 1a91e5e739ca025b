using System.Diagnostics.Metrics;
using Gateway.Benchmarks.Sessions.Measures;
using Gateway.Telemetry;

namespace Gateway.Benchmarks.Sessions.Server;

/// <summary>Tells what the gateway's meter and the runtime have counted, to whoever measures it from outside.</summary>
internal static class CountsEndpoint
{
    /// <summary>Where.</summary>
    public const string Path = "/counts";

    /// <summary>Adds it, ahead of the gateway's own pipeline.</summary>
    public static void MapCounts(this WebApplication app) => app.Map(Path, branch => branch.Run(context => context.Response.WriteAsJsonAsync(Read())));

    private static ServerCounts Read()
    {
        var sums = new Dictionary<string, long>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == GatewayMetrics.MeterName && instrument.IsObservable) self.EnableMeasurementEvents(instrument);
        }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => sums[instrument.Name] = sums.GetValueOrDefault(instrument.Name) + value);
        listener.Start();
        listener.RecordObservableInstruments();
        return new ServerCounts(
            sums.GetValueOrDefault("gateway.log.events"),
            sums.GetValueOrDefault("gateway.log.appends"),
            sums.GetValueOrDefault("gateway.log.commits"),
            sums.GetValueOrDefault("gateway.delivery.events"),
            sums.GetValueOrDefault("gateway.delivery.writes"),
            GC.GetTotalAllocatedBytes(),
            GC.GetTotalPauseDuration().TotalMilliseconds,
            GC.CollectionCount(0));
    }
}
