using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Transport;

/// <summary>Connections that have sent no whole request yet; those that take too long are dropped.</summary>
internal sealed class PendingHeads(TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<ConnectionContext, long> _pending = new();

    /// <summary>Notes a connection whose request is waited for.</summary>
    public void Add(ConnectionContext connection) => _pending[connection] = time.GetTimestamp();

    /// <summary>Forgets a connection that has sent its request or left.</summary>
    public void Remove(ConnectionContext connection) => _pending.TryRemove(connection, out _);

    /// <summary>Drops the connections that have sent no whole request for so long.</summary>
    public void Drop(TimeSpan limit)
    {
        foreach (var (connection, since) in _pending)
        {
            if (time.GetElapsedTime(since) >= limit) connection.Abort(new ConnectionAbortedException("The connection did not send a request in time."));
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) Drop(Limit);
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }
}
