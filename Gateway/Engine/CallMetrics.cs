using System.Diagnostics.Metrics;
using Gateway.Telemetry;

namespace Gateway.Engine;

/// <summary>What can be observed of the calls of models: how many are under way, and how many wait for a place.</summary>
internal sealed class CallMetrics
{
    private const string ModelTag = "gateway.model";

    /// <summary>Adds the observable instruments.</summary>
    public CallMetrics(GatewayMetrics metrics, LocalSessionHost host)
    {
        metrics.Meter.CreateObservableUpDownCounter("gateway.model.calls", () => PerModel(count => count.Taken), "{call}", "Calls of models that are under way");
        metrics.Meter.CreateObservableUpDownCounter("gateway.model.calls.waiting", () => PerModel(count => count.Waiting), "{call}", "Calls of models that wait for the model's limits");

        IEnumerable<Measurement<long>> PerModel(Func<(string Model, int Taken, int Waiting), long> read) =>
            host.Places.Count().Select(count => new Measurement<long>(read(count), new KeyValuePair<string, object?>(ModelTag, count.Model)));
    }
}
