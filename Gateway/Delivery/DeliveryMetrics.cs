using System.Diagnostics.Metrics;
using Gateway.Delivery.Wires;
using Gateway.Telemetry;

namespace Gateway.Delivery;

/// <summary>What delivery lets be observed: connections, subscriptions, lag and traffic.</summary>
internal sealed class DeliveryMetrics
{
    private const string WireTag = "gateway.wire";

    /// <summary>Adds the observable instruments.</summary>
    public DeliveryMetrics(GatewayMetrics metrics, ConnectionRegistry connections, WireRegistry wires, SessionFeeds feeds)
    {
        var meter = metrics.Meter;
        meter.CreateObservableUpDownCounter("gateway.connections", () => PerWire(t => t.Connections), "{connection}", "Client connections");
        meter.CreateObservableCounter("gateway.delivery.events", () => PerWire(t => t.Events), "{event}", "Events sent");
        meter.CreateObservableCounter("gateway.delivery.bytes", () => PerWire(t => t.Bytes), "By", "Bytes of events sent");
        meter.CreateObservableCounter("gateway.delivery.writes", () => PerWire(t => t.Writes), "{write}", "Writes of events; each takes one or more to one connection");
        meter.CreateObservableUpDownCounter("gateway.feeds", () => (long)feeds.Count, "{session}", "Sessions that are written or watched");
        meter.CreateObservableUpDownCounter("gateway.subscriptions", () => connections.Snapshot().Sum(s => (long)s.SubscriptionCount), "{subscription}", "Subscriptions");
        meter.CreateObservableGauge("gateway.delivery.lag.max", () => Lags().DefaultIfEmpty().Max(), "{event}", "Events the slowest subscription is behind");
        meter.CreateObservableGauge("gateway.delivery.lag.mean", () => Lags().DefaultIfEmpty().Average(), "{event}", "Events a subscription is behind, on average");

        IEnumerable<Measurement<long>> PerWire(Func<WireTraffic, long> read) =>
            wires.Traffic.Select(t => new Measurement<long>(read(t), new KeyValuePair<string, object?>(WireTag, t.Name)));

        IEnumerable<long> Lags() => connections.Snapshot().SelectMany(s => s.Lags());
    }
}
