using System.Diagnostics.Metrics;
using Gateway.Telemetry;

namespace Gateway.Webhooks;

/// <summary>The instruments of webhooks, each by the name of its endpoint.</summary>
internal sealed class WebhookMetrics
{
    private const string Name = "gateway.webhook";

    private readonly Counter<long> _sent;
    private readonly Counter<long> _givenUp;
    private readonly Histogram<double> _duration;
    private readonly List<(string Name, Func<int> Count)> _waiting = [];

    /// <summary>Creates the instruments.</summary>
    public WebhookMetrics(GatewayMetrics metrics)
    {
        _sent = metrics.Meter.CreateCounter<long>("gateway.webhook.sent", "{message}", "Messages posted to endpoints, each try");
        _givenUp = metrics.Meter.CreateCounter<long>("gateway.webhook.given_up", "{message}", "Messages given up after the last try");
        _duration = metrics.Meter.CreateHistogram<double>("gateway.webhook.duration", "s", "Time until an endpoint has answered, or has not");
        metrics.Meter.CreateObservableGauge<int>("gateway.webhook.waiting", Observe, "{session}", "Sessions that an endpoint has not been told all of");
    }

    /// <summary>Shows how many sessions wait for an endpoint.</summary>
    public void Watch(string endpoint, Func<int> count)
    {
        lock (_waiting) _waiting.Add((endpoint, count));
    }

    /// <summary>A message was sent.</summary>
    public void Sent(string endpoint, bool taken, TimeSpan duration)
    {
        _sent.Add(1, new(Name, endpoint), new("outcome", taken ? "taken" : "failed"));
        _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>(Name, endpoint));
    }

    /// <summary>A message was given up.</summary>
    public void GivenUp(string endpoint) => _givenUp.Add(1, new KeyValuePair<string, object?>(Name, endpoint));

    private List<Measurement<int>> Observe()
    {
        lock (_waiting) return _waiting.ConvertAll(waiting => new Measurement<int>(waiting.Count(), new KeyValuePair<string, object?>(Name, waiting.Name)));
    }
}
