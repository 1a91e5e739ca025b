using System.Diagnostics.Metrics;

namespace Gateway.Telemetry;

/// <summary>The gateway's instruments, on the meter <c>Gateway</c>; names and units follow OpenTelemetry.</summary>
internal sealed class GatewayMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Gateway";

    private readonly Counter<long> _stalls;
    private readonly Counter<long> _silent;
    private readonly Counter<long> _refusals;
    private readonly Histogram<double> _flush;

    /// <summary>Creates the instruments.</summary>
    public GatewayMetrics(IMeterFactory meters)
    {
        Meter = meters.Create(MeterName);
        _stalls = Meter.CreateCounter<long>("gateway.connection.stalls", "{connection}", "Connections dropped because they took nothing for the stall timeout");
        _silent = Meter.CreateCounter<long>("gateway.connection.vanished", "{connection}", "Connections dropped because their peer was not heard from");
        _refusals = Meter.CreateCounter<long>("gateway.refusals", "{refusal}", "Connections, subscriptions and commands refused by a limit");
        _flush = Meter.CreateHistogram(
            "gateway.delivery.flush.duration",
            "s",
            "Time from the append of events to their being written to every subscriber that was ready",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1] });
    }

    /// <summary>The meter, for instruments that observe their owner.</summary>
    public Meter Meter { get; }

    /// <summary>A connection was dropped because it took no data.</summary>
    public void Stalled() => _stalls.Add(1);

    /// <summary>A connection was dropped because its peer was silent.</summary>
    public void Silent() => _silent.Add(1);

    /// <summary>A limit refused something.</summary>
    public void Refused(string limit) => _refusals.Add(1, new KeyValuePair<string, object?>("limit", limit));

    /// <summary>Whether anyone listens to the flush durations.</summary>
    public bool MeasuresFlush => _flush.Enabled;

    /// <summary>A fan-out round has written events; <paramref name="duration"/> is the time since they were appended.</summary>
    public void Flushed(TimeSpan duration) => _flush.Record(duration.TotalSeconds);
}
