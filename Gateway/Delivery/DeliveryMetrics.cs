using System.Diagnostics.Metrics;
using Gateway.Diagnostics;

namespace Gateway.Delivery;

/// <summary>What delivery lets be observed: connections, subscriptions, lag and traffic.</summary>
internal sealed class DeliveryMetrics
{
    private const string WireTag = "gateway.wire";

    /// <summary>Adds the observable instruments.</summary>
    public DeliveryMetrics(GatewayMetrics metrics, ConnectionRegistry connections, SessionFeeds feeds)
    {
        var meter = metrics.Meter;
        meter.CreateObservableUpDownCounter("gateway.connections", () => PerWire(feeds, t => t.Connections), "{connection}", "Client connections");
        meter.CreateObservableCounter("gateway.delivery.events", () => PerWire(feeds, t => t.Events), "{event}", "Events sent");
        meter.CreateObservableCounter("gateway.delivery.bytes", () => PerWire(feeds, t => t.Bytes), "By", "Bytes of events sent");
        meter.CreateObservableUpDownCounter("gateway.feeds", () => (long)feeds.Count, "{session}", "Sessions that are written or watched");
        meter.CreateObservableUpDownCounter("gateway.subscriptions", () => connections.Snapshot().Sum(s => (long)s.SubscriptionCount), "{subscription}", "Subscriptions");
        meter.CreateObservableGauge("gateway.delivery.lag.max", () => Lags(connections).DefaultIfEmpty().Max(), "{event}", "Events the slowest subscription is behind");
        meter.CreateObservableGauge("gateway.delivery.lag.mean", () => Lags(connections).DefaultIfEmpty().Average(), "{event}", "Events a subscription is behind, on average");
    }

    private static IEnumerable<Measurement<long>> PerWire(SessionFeeds feeds, Func<WireTraffic, long> read) =>
        feeds.Traffic.Select(t => new Measurement<long>(read(t), new KeyValuePair<string, object?>(WireTag, t.Name)));

    private static IEnumerable<long> Lags(ConnectionRegistry connections) => connections.Snapshot().SelectMany(s => s.Lags());
}
