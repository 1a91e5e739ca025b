using Gateway.Benchmarks.Sessions.Measures;

namespace Gateway.Benchmarks.Sessions.Contenders;

/// <summary>A server that takes the events of sessions to their viewers, and the load on it; both end with this object.</summary>
internal interface IContender : IAsyncDisposable
{
    /// <summary>The server's process.</summary>
    ServerProcess Process { get; }

    /// <summary>Starts all sessions and their viewers; returns once they are connected.</summary>
    Task BeginAsync(SessionsOptions options, Receipts receipts);

    /// <summary>What the server counts of itself; null where it counts nothing.</summary>
    Task<ServerCounts?> CountAsync();
}
