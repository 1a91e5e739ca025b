using System.Collections.Concurrent;

namespace Gateway.Benchmarks.Conformance.Faults;

/// <summary>All that has been played since the kit was started.</summary>
internal sealed class FaultRuns
{
    private readonly ConcurrentDictionary<(string SessionId, string Fault), FaultRun> _runs = [];

    /// <summary>The run of a session; the first connection with an event of it decides about places.</summary>
    public FaultRun Of(string sessionId, FaultPlan plan) => _runs.GetOrAdd((sessionId, plan.Fault.Name), _ => new FaultRun(sessionId, plan));

    /// <summary>The run of a session; null when no event of it has passed with that fault.</summary>
    public FaultRun? Find(string sessionId, Fault fault) => _runs.GetValueOrDefault((sessionId, fault.Name));
}
