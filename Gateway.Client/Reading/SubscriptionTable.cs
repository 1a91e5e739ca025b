using System.Collections.Concurrent;
using Gateway.Client.Connection;
using Gateway.Contracts;
using Microsoft.Extensions.Logging;

namespace Gateway.Client.Reading;

/// <summary>The sessions this client reads, each with the one subscription its readers share.</summary>
internal sealed class SubscriptionTable(GatewayClientOptions options, ILogger logger) : IAsyncDisposable
{
    // The gateway takes so many commands a second from a connection. Were a thousand new readers to ask at once, most would
    // be refused, and would wait longer and longer before they ask again.
    private const int AskedAtOnce = 64;

    private readonly ConcurrentDictionary<string, SessionSubscription> _subscriptions = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _asking = new(AskedAtOnce);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private bool _disposed;

    /// <summary>Adds a reader of a session.</summary>
    public EventReader Attach(GatewayConnection connection, string sessionId, long afterSeq)
    {
        while (true)
        {
            if (GetOrAdd(connection, sessionId).TryAttach(afterSeq) is { } reader) return reader;
        }
    }

    /// <summary>Announces a start command for a session.</summary>
    public SessionSubscription BeginStart(GatewayConnection connection, string sessionId)
    {
        while (true)
        {
            var subscription = GetOrAdd(connection, sessionId);
            if (subscription.TryBeginStart()) return subscription;
        }
    }

    /// <summary>Hands an event to whoever reads its session.</summary>
    public void OnEvent(ConnectionLease lease, SessionEvent sessionEvent)
    {
        if (_subscriptions.TryGetValue(sessionEvent.SessionId, out var subscription)) subscription.OnEvent(lease, sessionEvent);
    }

    /// <summary>Wakes every subscription, because each must be made again on the new connection.</summary>
    public void OnConnected()
    {
        foreach (var subscription in _subscriptions.Values) subscription.Wake();
    }

    /// <summary>Fails every reader: no more events will come.</summary>
    public void FailAll(Exception failure)
    {
        foreach (var subscription in _subscriptions.Values) subscription.FailAll(failure);
    }

    public async ValueTask DisposeAsync()
    {
        SessionSubscription[] last;
        lock (_gate)
        {
            _disposed = true;
            last = [.. _subscriptions.Values];
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        foreach (var subscription in last) await subscription.Completion.ConfigureAwait(false);
    }

    private SessionSubscription GetOrAdd(GatewayConnection connection, string sessionId)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(GatewayClient));
            if (_subscriptions.TryGetValue(sessionId, out var existing) && !existing.IsRetired) return existing;

            var added = new SessionSubscription(sessionId, connection, options, logger, _asking, Remove, _stop.Token);
            _subscriptions[sessionId] = added;
            return added;
        }
    }

    private void Remove(SessionSubscription retired) =>
        _subscriptions.TryRemove(new KeyValuePair<string, SessionSubscription>(retired.SessionId, retired));
}
