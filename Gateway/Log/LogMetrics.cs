using Gateway.Telemetry;

namespace Gateway.Log;

/// <summary>What can be observed of the session log: how many events share a commit, above all.</summary>
internal sealed class LogMetrics
{
    /// <summary>Adds the observable instruments.</summary>
    public LogMetrics(GatewayMetrics metrics, LogTraffic traffic)
    {
        metrics.Meter.CreateObservableCounter("gateway.log.events", () => traffic.Events, "{event}", "Events appended");
        metrics.Meter.CreateObservableCounter("gateway.log.appends", () => traffic.Appends, "{append}", "Appends committed, each of the events of one session");
        metrics.Meter.CreateObservableCounter("gateway.log.commits", () => traffic.Commits, "{commit}", "Commits that held any append");
    }
}
