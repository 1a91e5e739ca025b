using Gateway.Contracts;

namespace Gateway.Observers;

/// <summary>A session has ended; the last moment of it.</summary>
public sealed record SessionEnded : SessionMoment
{
    /// <summary>How: its status, output and totals.</summary>
    public required ExecutionCompleted End { get; init; }
}
